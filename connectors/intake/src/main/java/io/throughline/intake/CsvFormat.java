package io.throughline.intake;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * How a table is written.
 *
 * @param charset an extension of ASCII
 * @param columns their names where the table does not begin with them; empty: it does
 */
public record CsvFormat(char delimiter, Charset charset, List<String> columns, ValueFormat values) {

    /** RFC 4180 in UTF-8, the first record naming the columns. */
    public static final CsvFormat DEFAULTS = new CsvFormat(',', StandardCharsets.UTF_8, List.of(), ValueFormat.PLAIN);

    /** @throws IllegalArgumentException if a record's ends could not be told in that encoding, or by that delimiter */
    public CsvFormat {
        columns = List.copyOf(columns);
        boolean extendsAscii = charset.equals(StandardCharsets.UTF_8)
                || (charset.canEncode()
                        && charset.newEncoder().maxBytesPerChar() == 1
                        && new String(new byte[] {'\n', '"', ';', 'a'}, charset).equals("\n\";a"));
        if (!extendsAscii) {
            throw new IllegalArgumentException(
                    "must be utf-8 or have one byte per character, such as windows-1252, was " + charset.name());
        }
        if (delimiter == '"' || delimiter == '\n' || delimiter == '\r' || delimiter > 126) {
            throw new IllegalArgumentException("must be one character of ASCII and neither quote nor line end");
        }
    }
}
