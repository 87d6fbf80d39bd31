package dev.jassay.cli;

import dev.jassay.v1.Format;
import java.util.Locale;

/** What {@code --format} takes. */
enum FormatChoice {
    AUTO(Format.FORMAT_UNSPECIFIED),
    NDJSON(Format.FORMAT_NDJSON),
    ARRAY(Format.FORMAT_ARRAY),
    CONCATENATED(Format.FORMAT_CONCATENATED),
    DOCUMENT(Format.FORMAT_DOCUMENT);

    private final Format format;

    FormatChoice(Format format) {
        this.format = format;
    }

    Format format() {
        return format;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
