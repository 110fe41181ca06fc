package io.throughline.intake;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import io.throughline.intake.Mapping.Unlisted;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a table (RFC 4180). Only the mapping says what its columns mean. A row without an id gets one of its content, so
 * that rows that are alike in every column are one touchpoint.
 */
public final class Csv implements Vocabulary {

    private static final Mapping NOTHING_BY_ITSELF = new Mapping(
            List.of(), Map.of(), Unlisted.KEEP, Mapping.Fields.NONE, Map.of(), Map.of(), List.of(), List.of(), "");

    private static final int SAID_NAMES = 20;
    private static final int SAID_NAME = 40;

    private final Mapper mapper;
    private final CsvFormat format;
    private final Map<String, Integer> columns;
    private final int width;
    private final ObjectReader reader;

    private Csv(Mapping mapping, CsvFormat format, List<String> header) {
        this.mapper = new Mapper(mapping, NOTHING_BY_ITSELF, format.values());
        this.format = format;
        this.columns = new HashMap<>();
        for (int i = 0; i < header.size(); i++) {
            columns.putIfAbsent(header.get(i), i);
        }
        this.width = header.size();
        this.reader = reader(format);
    }

    /**
     * @param header names of the columns
     * @throws UnusableTableException if the mapping names columns that the table does not have, or has twice
     */
    public static Csv of(Mapping mapping, CsvFormat format, List<String> header) {
        List<String> names = header.stream().map(String::strip).toList();
        Set<String> missing = new TreeSet<>(columns(mapping));
        names.forEach(missing::remove);
        if (!missing.isEmpty()) {
            // Names of which the mapping knows none may be a row's cells, and personal.
            throw new UnusableTableException("has no column " + String.join(", ", missing) + "; "
                    + (format.columns().isEmpty() && missing.containsAll(columns(mapping))
                            ? "none of its " + names.size()
                                    + " is named by the mapping: where the first line is a row, say csv.columns"
                            : "it has " + said(names)));
        }
        Set<String> seen = new LinkedHashSet<>();
        for (String name : names) {
            if (!seen.add(name) && columns(mapping).contains(name)) {
                throw new UnusableTableException("has two columns " + name);
            }
        }
        return new Csv(mapping, format, names);
    }

    private static String said(List<String> names) {
        String first = names.stream()
                .limit(SAID_NAMES)
                .map(name -> name.length() > SAID_NAME ? name.substring(0, SAID_NAME) + "..." : name)
                .collect(Collectors.joining(", "));
        return names.size() > SAID_NAMES ? first + " ... and " + (names.size() - SAID_NAMES) + " more" : first;
    }

    /** A table that is not the one the mapping was written for. */
    public static final class UnusableTableException extends RuntimeException {
        private static final long serialVersionUID = 1;

        UnusableTableException(String message) {
            super(message);
        }
    }

    /**
     * The names of the columns in the record that has them.
     *
     * @throws UnusableTableException if it cannot be read
     */
    static List<String> header(byte[] record, CsvFormat format) {
        try {
            return cells(record, format, reader(format));
        } catch (Misfit misfit) {
            throw new UnusableTableException("has a first line that names no columns: "
                    + misfit.rejected().detail());
        }
    }

    private static Set<String> columns(Mapping mapping) {
        Set<String> columns = new TreeSet<>(mapping.event());
        List<Mapping.Fields> fields = new ArrayList<>(List.of(mapping.fields()));
        mapping.events().values().forEach(rule -> fields.add(rule.fields()));
        fields.forEach(each -> each.from().values().forEach(from -> from.forEach(place -> columns.add(place.path()))));
        mapping.identifiers().values().forEach(columns::addAll);
        columns.addAll(mapping.experiments().values());
        if (mapping.properties() != null) {
            columns.addAll(mapping.properties());
        }
        return columns;
    }

    @Override
    public List<Outcome> read(byte[] record) {
        try {
            List<String> cells = cells(record, format, reader);
            if (cells.size() != width) {
                throw Misfit.malformed("has " + cells.size() + " columns, the table has " + width);
            }
            Map<TouchpointField, String> own = Map.of(TouchpointField.TOUCHPOINT_ID, idOf(cells));
            return List.of(mapper.map(new Event(new Row(columns, cells), List.of(), own, List.of(), Map.of())));
        } catch (Misfit misfit) {
            return List.of(misfit.rejected());
        }
    }

    private static ObjectReader reader(CsvFormat format) {
        CsvSchema schema = CsvSchema.emptySchema()
                .withColumnSeparator(format.delimiter())
                .withQuoteChar('"')
                .withoutEscapeChar();
        return new CsvMapper()
                .readerFor(String[].class)
                .with(CsvParser.Feature.WRAP_AS_ARRAY)
                .with(schema);
    }

    private static List<String> cells(byte[] record, CsvFormat format, ObjectReader reader) {
        String text = Json.text(record, format.charset());
        try (MappingIterator<String[]> rows = reader.readValues(text)) {
            if (!rows.hasNextValue()) {
                throw Misfit.malformed("has no columns");
            }
            List<String> cells = List.of(rows.nextValue());
            if (rows.hasNextValue()) {
                throw Misfit.malformed("a quote is not where it can be");
            }
            return cells;
        } catch (JsonProcessingException e) {
            throw Misfit.malformed("not CSV: " + Json.said(e));
        } catch (IOException e) {
            // From a text, what is left is what the parser finds impossible.
            throw Misfit.malformed("not CSV: " + e.getMessage());
        }
    }

    private static String idOf(List<String> cells) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String cell : cells) {
                digest.update((cell.length() + ":" + cell).getBytes(StandardCharsets.UTF_8));
            }
            return "row-" + HexFormat.of().formatHex(digest.digest(), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private record Row(Map<String, Integer> columns, List<String> cells) implements Facts {
        @Override
        public @Nullable String text(String path) {
            Integer column = columns.get(path);
            return column == null ? null : Facts.clean(cells.get(column));
        }

        @Override
        public Map<String, Value> below(String path) {
            String text = text(path);
            return text == null ? Map.of() : Map.of("", new Value(text, false));
        }
    }
}
