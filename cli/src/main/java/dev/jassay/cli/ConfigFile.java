package dev.jassay.cli;

import dev.jassay.v1.ProcessConfig;
import dev.jassay.web.ConfigJson;
import dev.jassay.web.ConfigJsonException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A {@link ProcessConfig} written as protobuf JSON. */
final class ConfigFile {
    private ConfigFile() {}

    /** @throws CommandFailure (USAGE) if the file cannot be read, is no JSON, or is no ProcessConfig */
    static ProcessConfig read(Path file) {
        try {
            return ConfigJson.read(Files.readString(file));
        } catch (ConfigJsonException mistake) {
            throw wrong(file, String.valueOf(mistake.getMessage()));
        } catch (NoSuchFileException _) {
            throw wrong(file, "does not exist");
        } catch (AccessDeniedException _) {
            throw wrong(file, "cannot be read: permission denied");
        } catch (CharacterCodingException _) {
            throw wrong(file, "is not UTF-8");
        } catch (IOException failure) {
            throw wrong(file, "cannot be read: " + failure.getMessage());
        }
    }

    private static CommandFailure wrong(Path file, String what) {
        return new CommandFailure(ExitCode.USAGE, "--config: " + file + " " + what);
    }
}
