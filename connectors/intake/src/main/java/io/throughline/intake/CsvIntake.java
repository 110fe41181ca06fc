package io.throughline.intake;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts the lines of a table together to records. Where a quote is opened and not closed as it should be, the line it is on
 * is rejected alone, and reading goes on with the next: one bad line must not take good ones with it.
 */
final class CsvIntake implements Intake {

    private final Mapping mapping;
    private final CsvFormat format;
    private final int longest;
    private final Outlet outlet;
    private final List<Line> begun = new ArrayList<>();
    private final Quotes quotes;
    private @Nullable Csv table;
    private long begunBytes;

    CsvIntake(Mapping mapping, CsvFormat format, int longest, Outlet outlet) {
        this.mapping = mapping;
        this.format = format;
        this.longest = longest;
        this.outlet = outlet;
        this.quotes = new Quotes((byte) format.delimiter());
        if (!format.columns().isEmpty()) {
            table = Csv.of(mapping, format, format.columns());
        }
    }

    private record Line(byte[] bytes, long number) {}

    @Override
    public void line(byte[] beginning, long number, long size) throws IOException {
        if (size > beginning.length) {
            giveUpAll();
            if (table == null) {
                // A row would become the header.
                throw new Csv.UnusableTableException(
                        "has a first line of " + size + " bytes, and a record may have " + longest);
            }
            outlet.take(number, beginning, Intake.oversize(size, beginning.length));
            return;
        }
        Deque<Line> next = new ArrayDeque<>(List.of(new Line(beginning, number)));
        take(next);
    }

    @Override
    public void end() throws IOException {
        giveUpAll();
    }

    private void giveUpAll() throws IOException {
        while (!begun.isEmpty()) {
            take(withoutTheFirst("a quote is not closed"));
        }
    }

    private void take(Deque<Line> lines) throws IOException {
        while (!lines.isEmpty()) {
            Line line = lines.removeFirst();
            begin(line);
            Quotes.State state = quotes.after(line.bytes);
            if (state == Quotes.State.CLOSED) {
                record();
            } else if (state == Quotes.State.MISPLACED) {
                requeue(lines, withoutTheFirst("a quote is not closed, or not where it can be"));
            } else if (begunBytes > longest) {
                requeue(lines, withoutTheFirst("a quote is not closed within " + longest + " bytes"));
            }
        }
    }

    private static void requeue(Deque<Line> lines, Deque<Line> before) {
        while (!before.isEmpty()) {
            lines.addFirst(before.removeLast());
        }
    }

    private void begin(Line line) {
        begun.add(line);
        begunBytes += line.bytes.length + 1L;
    }

    private void forget() {
        begun.clear();
        begunBytes = 0;
        quotes.reset();
    }

    private void record() throws IOException {
        Line first = begun.get(0);
        byte[] record = whole();
        forget();
        if (table == null) {
            table = Csv.of(mapping, format, Csv.header(record, format));
            return;
        }
        for (Outcome outcome : table.read(record)) {
            outlet.take(first.number, record, outcome);
        }
    }

    /** Blank lines are not handed on; within a cell they are lines all the same. */
    private byte[] whole() {
        if (begun.size() == 1) {
            return begun.get(0).bytes;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        long number = begun.get(0).number;
        for (Line line : begun) {
            for (; number < line.number; number++) {
                bytes.write('\n');
            }
            bytes.writeBytes(line.bytes);
        }
        return bytes.toByteArray();
    }

    /** Rejects the first line of what was begun; the others are to be read again. */
    private Deque<Line> withoutTheFirst(String detail) throws IOException {
        Line first = begun.get(0);
        Deque<Line> rest = new ArrayDeque<>(begun.subList(1, begun.size()));
        forget();
        if (table == null) {
            throw new Csv.UnusableTableException("has a first line that names no columns: " + detail);
        }
        outlet.take(first.number, first.bytes, Misfit.malformed(detail).rejected());
        return rest;
    }

    /** Where in a record one is, as far as quotes go. */
    private static final class Quotes {

        enum State {
            /** The record is complete. */
            CLOSED,
            /** The record goes on in the next line. */
            OPEN,
            /** After the closing quote there is neither a delimiter nor the end. */
            MISPLACED
        }

        private final byte delimiter;
        private boolean inQuotes;
        private boolean atStart = true;
        private boolean afterQuote;

        Quotes(byte delimiter) {
            this.delimiter = delimiter;
        }

        void reset() {
            inQuotes = false;
            atStart = true;
            afterQuote = false;
        }

        State after(byte[] line) {
            for (byte b : line) {
                if (inQuotes) {
                    if (b == '"') {
                        inQuotes = false;
                        afterQuote = true;
                    }
                } else if (afterQuote && b == '"') {
                    inQuotes = true;
                    afterQuote = false;
                } else if (b == delimiter) {
                    atStart = true;
                    afterQuote = false;
                } else if (afterQuote) {
                    return State.MISPLACED;
                } else {
                    inQuotes = b == '"' && atStart;
                    atStart = false;
                }
            }
            return inQuotes ? State.OPEN : State.CLOSED;
        }
    }
}
