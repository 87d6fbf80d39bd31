package dev.jassay.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** JSON text under construction: bytes that are appended, and edited by the places of keys. Grows; one thread at a time. */
final class RecordBytes {
    private static final int INITIAL_BYTES = 4 << 10;

    private byte[] bytes = new byte[INITIAL_BYTES];
    private int length;

    int length() {
        return length;
    }

    void clear() {
        length = 0;
    }

    void put(int value) {
        reserve(1);
        bytes[length++] = (byte) value;
    }

    void put(byte[] value) {
        put(value, value.length);
    }

    private void put(byte[] value, int count) {
        reserve(count);
        System.arraycopy(value, 0, bytes, length, count);
        length += count;
    }

    void put(RecordBytes other) {
        put(other.bytes, other.length);
    }

    /** @param value 0 or more */
    void putDecimal(long value) {
        int digits = 1;
        for (long rest = value; rest >= 10; rest /= 10) {
            digits++;
        }
        putDigits(value, digits);
    }

    /** The last digits of a value, with zeros before it. */
    void putDigits(long value, int digits) {
        reserve(digits);
        long rest = value;
        for (int at = length + digits - 1; at >= length; at--) {
            bytes[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += digits;
    }

    /** Where a key's opening quote stands. */
    int keyAt(String key) {
        byte[] quoted = utf8("\"" + key + "\"");
        for (int at = 0; at <= length - quoted.length; at++) {
            if (Arrays.equals(bytes, at, at + quoted.length, quoted, 0, quoted.length)) {
                return at;
            }
        }
        throw new IllegalArgumentException("no key " + key);
    }

    /** Where the colon after a key stands. */
    int colonAfter(String key) {
        return keyAt(key) + key.length() + 2;
    }

    /** Where the value of a key begins. */
    int valueOf(String key) {
        int at = colonAfter(key) + 1;
        while (bytes[at] == ' ') {
            at++;
        }
        return at;
    }

    int lastIndexOf(char wanted) {
        int at = length - 1;
        while (bytes[at] != wanted) {
            at--;
        }
        return at;
    }

    /** Where a byte stands next, from a place on. */
    int next(char wanted, int from) {
        int at = from;
        while (bytes[at] != wanted) {
            at++;
        }
        return at;
    }

    void insert(int at, byte[] value) {
        replace(at, at, value);
    }

    void replace(int from, int to, byte[] value) {
        int grown = length + value.length - (to - from);
        reserve(Math.max(0, grown - length));
        System.arraycopy(bytes, to, bytes, from + value.length, length - to);
        System.arraycopy(value, 0, bytes, from, value.length);
        length = grown;
    }

    /** Replaces the value of a key that is a number or literal and has a comma after it. */
    void setScalar(String key, String value) {
        int from = valueOf(key);
        replace(from, next(',', from), utf8(value));
    }

    /** Puts bytes that need not be UTF-8 at the beginning of a string. */
    void insertIntoString(String key, int... values) {
        byte[] raw = new byte[values.length];
        for (int at = 0; at < raw.length; at++) {
            raw[at] = (byte) values[at];
        }
        insert(valueOf(key) + 1, raw);
    }

    void cut(int at) {
        length = at;
    }

    void writeTo(OutputStream out) throws IOException {
        out.write(bytes, 0, length);
    }

    private void reserve(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
