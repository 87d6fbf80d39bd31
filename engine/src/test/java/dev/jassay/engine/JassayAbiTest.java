package dev.jassay.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What is written in Java and in the header is the same. */
final class JassayAbiTest {
    private static final Pattern DEFINE = Pattern.compile("#define (JASSAY_\\w+) (\\d+)");
    private static final Pattern STATUS = Pattern.compile("(JASSAY_\\w+) = (\\d+)");

    @Test
    void constants_areThoseOfTheHeader() throws IOException {
        Map<String, Integer> header = new TreeMap<>();
        String text = Files.readString(Path.of(System.getProperty("jassay.test.header", "")));
        for (Pattern pattern : new Pattern[] {DEFINE, STATUS}) {
            Matcher matcher = pattern.matcher(text);
            while (matcher.find()) {
                header.put(matcher.group(1), Integer.valueOf(matcher.group(2)));
            }
        }

        assertThat(header)
                .isEqualTo(Map.ofEntries(
                        Map.entry("JASSAY_ABI_VERSION", JassayAbi.VERSION),
                        Map.entry("JASSAY_ERROR_TEXT_BYTES", JassayAbi.ERROR_TEXT_BYTES),
                        Map.entry("JASSAY_EVENT", JassayAbi.EVENT),
                        Map.entry("JASSAY_VALID", JassayAbi.VALID),
                        Map.entry("JASSAY_INVALID", JassayAbi.INVALID),
                        Map.entry("JASSAY_WANT_EVENTS", JassayAbi.WANT_EVENTS),
                        Map.entry("JASSAY_WANT_OUTPUTS", JassayAbi.WANT_OUTPUTS),
                        Map.entry("JASSAY_OK", JassayAbi.OK),
                        Map.entry("JASSAY_DONE", JassayAbi.DONE),
                        Map.entry("JASSAY_INVALID_ARGUMENT", JassayAbi.INVALID_ARGUMENT),
                        Map.entry("JASSAY_CONFIG_UNREADABLE", JassayAbi.CONFIG_UNREADABLE),
                        Map.entry("JASSAY_CONFIG_INVALID", JassayAbi.CONFIG_INVALID),
                        Map.entry("JASSAY_MEMORY_REFUSED", JassayAbi.MEMORY_REFUSED),
                        Map.entry("JASSAY_CANCELLED", JassayAbi.CANCELLED),
                        Map.entry("JASSAY_ENGINE_FAULT", JassayAbi.ENGINE_FAULT),
                        Map.entry("JASSAY_SESSION_SPENT", JassayAbi.SESSION_SPENT),
                        Map.entry("JASSAY_STATE_INCOMPATIBLE", JassayAbi.STATE_INCOMPATIBLE),
                        Map.entry("JASSAY_STATE_DAMAGED", JassayAbi.STATE_DAMAGED),
                        Map.entry("JASSAY_SCHEMA_INVALID", JassayAbi.SCHEMA_INVALID),
                        Map.entry("JASSAY_SCHEMA_REF_UNRESOLVED", JassayAbi.SCHEMA_REF_UNRESOLVED),
                        Map.entry("JASSAY_SCHEMA_TOO_COMPLEX", JassayAbi.SCHEMA_TOO_COMPLEX)));
    }

    @Test
    void layouts_haveTheSizesOfTheStructs() {
        assertThat(JassayAbi.ERROR.byteSize()).isEqualTo(2_056);
        assertThat(JassayAbi.ERROR_TEXT_LENGTH_OFFSET).isEqualTo(4);
        assertThat(JassayAbi.ERROR_TEXT_OFFSET).isEqualTo(8);
        assertThat(JassayAbi.USAGE.byteSize()).isEqualTo(32);
        assertThat(JassayAbi.PROGRESS.byteSize()).isEqualTo(40);
        assertThat(JassayAbi.PROGRESS_TERMINATION_OFFSET).isEqualTo(32);
    }
}
