package io.throughline.intake;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Puts the lines of a table together to records. Where a quote is opened and not closed as it should be, the line it is on
 * is rejected alone, and reading goes on with the next: one bad line must not take good ones with it.
 */
final class CsvIntake implements Intake {

    private static final String NOT_CLOSED = "a quote is not closed";
    private static final String MISPLACED = NOT_CLOSED + ", or not where it can be";

    private final Mapping mapping;
    private final CsvFormat format;
    private final int longest;
    private final Outlet outlet;
    /** The first opens a quote, and none closes it; of all but the first it is known that they leave it open. */
    private final Deque<Line> begun = new ArrayDeque<>();

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
            giveUpAll(NOT_CLOSED);
            if (table == null) {
                // A row would become the header.
                throw new Csv.UnusableTableException(
                        "has a first line of " + size + " bytes, and a record may have " + longest);
            }
            outlet.take(number, beginning, Intake.oversize(size, beginning.length));
            return;
        }
        Line line = new Line(beginning, number);
        if (begun.isEmpty()) {
            begin(line);
        } else {
            goOn(line);
        }
        while (begunBytes > longest) {
            giveUpTheFirst(NOT_CLOSED + " within " + longest + " bytes");
        }
    }

    @Override
    public void end() throws IOException {
        giveUpAll(NOT_CLOSED);
    }

    private void begin(Line line) throws IOException {
        add(line);
        settle();
    }

    private void goOn(Line line) throws IOException {
        switch (quotes.after(line.bytes, true)) {
            case OPEN -> add(line);
            case CLOSED -> {
                add(line);
                Line first = begun.getFirst();
                byte[] record = whole();
                begun.clear();
                begunBytes = 0;
                record(record, first.number);
            }
            case MISPLACED -> {
                giveUpAll(MISPLACED);
                begin(line);
            }
        }
    }

    private void giveUpAll(String detail) throws IOException {
        while (!begun.isEmpty()) {
            giveUpTheFirst(detail);
        }
    }

    /**
     * Rejects the first line of what was begun. Those after it are not read again but for where one of them begins: within
     * quotes they all leave them open, whichever opened them.
     */
    private void giveUpTheFirst(String detail) throws IOException {
        reject(removeFirst(), detail);
        settle();
    }

    /** Hands on lines until the first opens a quote that it does not close. */
    private void settle() throws IOException {
        while (!begun.isEmpty()) {
            switch (quotes.after(begun.getFirst().bytes, false)) {
                case OPEN -> {
                    return;
                }
                case CLOSED -> {
                    Line line = removeFirst();
                    record(line.bytes, line.number);
                }
                case MISPLACED -> reject(removeFirst(), MISPLACED);
            }
        }
    }

    private void add(Line line) {
        begun.addLast(line);
        begunBytes += line.bytes.length + 1L;
    }

    private Line removeFirst() {
        Line line = begun.removeFirst();
        begunBytes -= line.bytes.length + 1L;
        return line;
    }

    private void record(byte[] record, long number) throws IOException {
        if (table == null) {
            table = Csv.of(mapping, format, Csv.header(record, format));
            return;
        }
        for (Outcome outcome : table.read(record)) {
            outlet.take(number, record, outcome);
        }
    }

    private void reject(Line line, String detail) throws IOException {
        if (table == null) {
            throw new Csv.UnusableTableException("has a first line that names no columns: " + detail);
        }
        outlet.take(line.number, line.bytes, Misfit.malformed(detail).rejected());
    }

    /** Blank lines are not handed on; within a cell they are lines all the same. */
    private byte[] whole() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        long number = begun.getFirst().number;
        for (Line line : begun) {
            for (; number < line.number; number++) {
                bytes.write('\n');
            }
            bytes.writeBytes(line.bytes);
        }
        return bytes.toByteArray();
    }

    /** Where lines leave one, as far as quotes go. */
    private record Quotes(byte delimiter) {

        enum State {
            /** The record is complete. */
            CLOSED,
            /** The record goes on in the next line. */
            OPEN,
            /** After the closing quote there is neither a delimiter nor the end. */
            MISPLACED
        }

        /** @param within whether the line begins in quotes; else a record begins with it */
        State after(byte[] line, boolean within) {
            boolean inQuotes = within;
            boolean atStart = !within;
            boolean afterQuote = false;
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
