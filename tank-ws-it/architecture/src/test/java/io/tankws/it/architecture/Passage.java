package io.tankws.it.architecture;

/**
 * Text that a reader reads as prose: a comment, a string literal or a part of a document.
 *
 * @param firstLine the line of the file, from 1, on which the text starts
 * @param text the text with its line breaks; code within it is blanked out
 */
record Passage(Kind kind, int firstLine, String text) {
    enum Kind {
        COMMENT,
        STRING,
        HEADING,
        DOCUMENT
    }

    /** Returns the line of the file that holds the character at this index. */
    int lineAt(int index) {
        return firstLine + (int) text.substring(0, index).lines().count() - (startsLine(index) ? 0 : 1);
    }

    private boolean startsLine(int index) {
        return index == 0 || text.charAt(index - 1) == '\n';
    }

    int lines() {
        return (int) text.lines().count();
    }
}
