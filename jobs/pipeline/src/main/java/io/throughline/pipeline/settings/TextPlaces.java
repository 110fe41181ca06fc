package io.throughline.pipeline.settings;

import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.nodes.ScalarNode;

/**
 * Where in a file each character of a text stands: YAML folds lines, indents them and has characters of which several stand
 * for one. Lines and columns count characters, as Unicode has them, from 1.
 */
final class TextPlaces {
    private final int[] file;
    private final int[] text;
    private final int[] lines;
    private final int[] columns;

    /** How many characters of the text have been found. */
    private int found;

    private int at;
    private int line;
    private int column;

    private TextPlaces(int[] file, int begin, int line, int column, int[] text) {
        this.file = file;
        this.text = text;
        this.lines = new int[text.length + 1];
        this.columns = new int[text.length + 1];
        this.at = begin;
        this.line = line;
        this.column = column;
    }

    /** Null where the text is not found in the file as it is written there. */
    static @Nullable TextPlaces of(String yaml, ScalarNode scalar) {
        if (scalar.getStartMark() == null) {
            return null;
        }
        int begin = scalar.getStartMark().getIndex();
        int[] file = yaml.codePoints().toArray();
        TextPlaces places = new TextPlaces(
                file,
                begin,
                scalar.getStartMark().getLine() + 1,
                scalar.getStartMark().getColumn() + 1,
                scalar.getValue().codePoints().toArray());
        ScalarStyle style = scalar.getScalarStyle();
        boolean all = style == ScalarStyle.LITERAL || style == ScalarStyle.FOLDED
                ? places.findBlock()
                : places.findFlow(style);
        return all ? places : null;
    }

    /** Of a character of the text, by its line and column there; null where it has no such. */
    int @Nullable [] at(int lineInText, int columnInText) {
        int position = 0;
        for (int before = 1; before < lineInText; position++) {
            if (position >= text.length) {
                return null;
            }
            before += text[position] == '\n' ? 1 : 0;
        }
        position += columnInText - 1;
        return position < 0 || position > text.length ? null : new int[] {lines[position], columns[position]};
    }

    private boolean findFlow(ScalarStyle style) {
        boolean doubly = style == ScalarStyle.DOUBLE_QUOTED;
        boolean singly = style == ScalarStyle.SINGLE_QUOTED;
        if (doubly || singly) {
            go(1);
        }
        while (found < text.length) {
            if (isBlank(here()) && breaksAfterBlanks()) {
                fold();
            } else if (doubly && here() == '\\') {
                if (isBreak(next())) {
                    go(1);
                    goTo(nextLine());
                    skipBlanks();
                } else {
                    take(escape());
                }
            } else if (here() == text[found]) {
                take(singly && here() == '\'' ? 2 : 1);
            } else {
                return false;
            }
        }
        end();
        return true;
    }

    /** Characters an escape is written in. */
    private int escape() {
        return switch (next()) {
            case 'x' -> 4;
            case 'u' -> 6;
            case 'U' -> 10;
            default -> 2;
        };
    }

    /** Blanks around the end of a line: one space of the text, or one line fewer than there are. */
    private void fold() {
        int breaks = 0;
        int fromLine = line;
        int fromColumn = column;
        while (isBlank(here())) {
            if (isBreak(here())) {
                breaks++;
                goTo(nextLine());
            } else {
                go(1);
            }
        }
        for (int i = 0; i < Math.max(1, breaks - 1) && found < text.length; i++) {
            lines[found] = fromLine;
            columns[found] = fromColumn;
            found++;
        }
    }

    private boolean findBlock() {
        while (at < file.length && !isBreak(here())) {
            go(1);
        }
        goTo(nextLine());
        int indentation = indentation();
        while (found < text.length && at < file.length) {
            for (int i = 0; i < indentation && here() == ' '; i++) {
                go(1);
            }
            while (at < file.length && !isBreak(here())) {
                if (found >= text.length || here() != text[found]) {
                    return false;
                }
                take(1);
            }
            if (found < text.length && (text[found] == '\n' || text[found] == ' ')) {
                lines[found] = line;
                columns[found] = column;
                found++;
            }
            if (found < text.length) {
                goTo(nextLine());
            }
        }
        end();
        return found == text.length;
    }

    /** Of the first line that is not empty. */
    private int indentation() {
        int spaces = 0;
        for (int i = at; i < file.length && (file[i] == ' ' || isBreak(file[i])); i++) {
            spaces = isBreak(file[i]) ? 0 : spaces + 1;
        }
        return spaces;
    }

    private void take(int characters) {
        lines[found] = line;
        columns[found] = column;
        found++;
        go(characters);
    }

    private void end() {
        lines[text.length] = line;
        columns[text.length] = column;
    }

    private void go(int characters) {
        at += characters;
        column += characters;
    }

    private void goTo(int lineBegin) {
        at = lineBegin;
        line++;
        column = 1;
    }

    private void skipBlanks() {
        while (here() == ' ' || here() == '\t') {
            go(1);
        }
    }

    /** Where the line after the end of a line that is here begins. */
    private int nextLine() {
        return here() == '\r' && next() == '\n' ? at + 2 : Math.min(file.length, at + 1);
    }

    private boolean breaksAfterBlanks() {
        int i = at;
        while (i < file.length && (file[i] == ' ' || file[i] == '\t')) {
            i++;
        }
        return i < file.length && isBreak(file[i]);
    }

    private int here() {
        return at < file.length ? file[at] : -1;
    }

    private int next() {
        return at + 1 < file.length ? file[at + 1] : -1;
    }

    private static boolean isBlank(int character) {
        return character == ' ' || character == '\t' || isBreak(character);
    }

    private static boolean isBreak(int character) {
        return character == '\n' || character == '\r';
    }
}
