package dev.jassay.cli;

import dev.jassay.v1.Redaction;
import java.util.Locale;

/** What {@code --redaction} takes. */
enum RedactionChoice {
    SHOW(Redaction.REDACTION_SHOW),
    OMIT(Redaction.REDACTION_OMIT);

    private final Redaction redaction;

    RedactionChoice(Redaction redaction) {
        this.redaction = redaction;
    }

    Redaction redaction() {
        return redaction;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
