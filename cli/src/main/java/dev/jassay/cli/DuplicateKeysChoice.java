package dev.jassay.cli;

import dev.jassay.v1.DuplicateKeys;
import java.util.Locale;

/** What {@code --duplicate-keys} takes. */
enum DuplicateKeysChoice {
    REJECT(DuplicateKeys.DUPLICATE_KEYS_REJECT),
    ALLOW(DuplicateKeys.DUPLICATE_KEYS_ALLOW);

    private final DuplicateKeys duplicateKeys;

    DuplicateKeysChoice(DuplicateKeys duplicateKeys) {
        this.duplicateKeys = duplicateKeys;
    }

    DuplicateKeys duplicateKeys() {
        return duplicateKeys;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
