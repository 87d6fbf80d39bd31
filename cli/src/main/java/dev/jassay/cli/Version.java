package dev.jassay.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version of this command line. */
final class Version implements IVersionProvider {
    private static final String FILE = "version.properties";

    static String text() {
        try (InputStream file = Objects.requireNonNull(Version.class.getResourceAsStream(FILE), FILE)) {
            Properties properties = new Properties();
            properties.load(file);
            return Objects.requireNonNull(properties.getProperty("version"), "version");
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @Override
    public String[] getVersion() {
        return new String[] {"jassay " + text()};
    }
}
