package dev.jassay.cli;

import java.util.List;
import java.util.stream.Collectors;

/** How a config that the engine or the server does not accept is told. */
final class ConfigFailure {
    private ConfigFailure() {}

    /** A field of the config and what is wrong with it. */
    record Field(String path, String description) {
        private String line() {
            return path + " (" + flag() + "): " + description;
        }

        /** Every field has the flag of its own name, but for those whose name alone says too little or too much. */
        private String flag() {
            if (path.equals("profile.scope")) {
                return "--profile";
            }
            if (path.equals("validation.schema_json")) {
                return "--schema";
            }
            String name = path.substring(path.lastIndexOf('.') + 1).replaceAll("[^a-z_].*", "");
            return "--" + name.replace('_', '-');
        }
    }

    /** @param message what is told where no field is named */
    static CommandFailure of(List<Field> fields, String message) {
        String told =
                fields.isEmpty() ? message : fields.stream().map(Field::line).collect(Collectors.joining("; "));
        return new CommandFailure(ExitCode.USAGE, "the config is not accepted: " + told);
    }
}
