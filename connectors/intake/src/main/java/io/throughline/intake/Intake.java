package io.throughline.intake;

import java.io.IOException;

/** Takes a source line by line and hands on what becomes of its events. */
public interface Intake {

    /** Takes what became of an event. */
    interface Outlet {
        /**
         * @param line where the record begins, from 1
         * @param record as it was read; shared by all events of a batch
         */
        void take(long line, byte[] record, Outcome outcome) throws IOException;
    }

    /**
     * The next line that is not blank.
     *
     * @param beginning the line without its end; of one with more bytes than a record may have, its beginning
     * @param number its number in the file, from 1
     * @param size its bytes, also those that are missing
     */
    void line(byte[] beginning, long number, long size) throws IOException;

    /** There are no more. */
    void end() throws IOException;

    /** A record on every line. */
    static Intake ofLines(Vocabulary vocabulary, Outlet outlet) {
        return new Intake() {
            @Override
            public void line(byte[] beginning, long number, long size) throws IOException {
                if (size > beginning.length) {
                    outlet.take(number, beginning, oversize(size, beginning.length));
                    return;
                }
                for (Outcome outcome : vocabulary.read(beginning)) {
                    outlet.take(number, beginning, outcome);
                }
            }

            @Override
            public void end() {}
        };
    }

    /**
     * A table, whose quoted cells may go on over lines.
     *
     * @param longest bytes a record may have; an open quote is looked for no further
     */
    static Intake ofTable(Mapping mapping, CsvFormat format, int longest, Outlet outlet) {
        return new CsvIntake(mapping, format, longest, outlet);
    }

    /** What becomes of a record that is too long. */
    static Outcome oversize(long size, int kept) {
        return new Outcome.Rejected(
                RejectReason.OVERSIZE,
                "the record has " + size + " bytes; raw holds the first " + kept + ", as many as it may have");
    }
}
