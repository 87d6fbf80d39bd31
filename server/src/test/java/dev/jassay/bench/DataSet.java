package dev.jassay.bench;

import java.util.Locale;

/** A kind of records, of which {@code speed data} makes files. */
enum DataSet {
    /** Flat, some 330 bytes. */
    ORDERS,
    /** Nested, some 1.8 kB. */
    EVENTS,
    /** Mostly beyond ASCII, some 4.5 kB. */
    POSTS;

    String fileStem() {
        return name().toLowerCase(Locale.ROOT);
    }
}
