package dev.jassay.server;

import java.nio.ByteBuffer;

/** Whether bytes that come in pieces are UTF-8, as the Unicode standard's table of well-formed byte sequences has it. */
final class Utf8Check {
    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

    /** Bytes that the sequence under way still needs, and the range of the next of them. */
    private int needed;

    private int lowest;
    private int highest;

    private boolean failed;

    /** Reads the bytes between position and limit; the position stays. */
    void accept(ByteBuffer piece) {
        int at = piece.position();
        int end = piece.limit();
        while (at < end && !failed) {
            if (needed == 0 && end - at >= Long.BYTES && (piece.getLong(at) & HIGH_BITS) == 0) {
                at += Long.BYTES;
            } else {
                failed = !accept(piece.get(at) & 0xFF);
                at++;
            }
        }
    }

    /** Whether all the bytes together are UTF-8. */
    boolean passed() {
        return !failed && needed == 0;
    }

    private boolean accept(int value) {
        if (needed > 0) {
            if (value < lowest || value > highest) {
                return false;
            }
            return expect(needed - 1, 0x80, 0xBF);
        }
        if (value < 0x80) {
            return true;
        }
        if (value >= 0xC2 && value <= 0xDF) {
            return expect(1, 0x80, 0xBF);
        }
        if (value >= 0xE0 && value <= 0xEF) {
            // Overlong forms and surrogates.
            return expect(2, value == 0xE0 ? 0xA0 : 0x80, value == 0xED ? 0x9F : 0xBF);
        }
        if (value >= 0xF0 && value <= 0xF4) {
            // Overlong forms and what is past U+10FFFF.
            return expect(3, value == 0xF0 ? 0x90 : 0x80, value == 0xF4 ? 0x8F : 0xBF);
        }
        return false;
    }

    private boolean expect(int count, int low, int high) {
        needed = count;
        lowest = low;
        highest = high;
        return true;
    }
}
