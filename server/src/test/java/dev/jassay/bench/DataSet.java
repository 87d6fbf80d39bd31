package dev.jassay.bench;

import java.util.List;
import java.util.Locale;

/** A kind of records, of which {@code speed data} makes files. */
enum DataSet {
    /** Flat, some 330 bytes. */
    ORDERS,
    /** Nested, some 1.8 kB. */
    EVENTS,
    /** Mostly beyond ASCII, some 4.5 kB. */
    POSTS,
    /** Long decimals alone. */
    NUMBERS,
    /** 30 bytes. */
    SHORT,
    /** Texts of escapes alone. */
    ESCAPES,
    /** Nested a thousand deep. */
    DEEP,
    /** Random keys. */
    KEYS;

    /** As data are. */
    static final List<DataSet> USUAL = List.of(ORDERS, EVENTS, POSTS);
    /** As data are seldom, each hard in a way of its own. */
    static final List<DataSet> HARD = List.of(NUMBERS, SHORT, ESCAPES, DEEP, KEYS);

    String fileStem() {
        return name().toLowerCase(Locale.ROOT);
    }
}
