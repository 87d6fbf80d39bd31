package dev.jassay.cli;

import dev.jassay.v1.ProfileScope;
import java.util.Locale;

/** What {@code --profile} takes. */
enum ProfileChoice {
    NONE(ProfileScope.PROFILE_SCOPE_NONE),
    WELL_FORMED(ProfileScope.PROFILE_SCOPE_WELL_FORMED),
    VALID(ProfileScope.PROFILE_SCOPE_VALID);

    private final ProfileScope scope;

    ProfileChoice(ProfileScope scope) {
        this.scope = scope;
    }

    ProfileScope scope() {
        return scope;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
