package dev.jassay.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

@NullMarked
final class ByteSizeTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "65536, 65536",
        "64KiB, 65536",
        "64k, 65536",
        "1 MiB, 1048576",
        "3.5MiB, 3670016",
        "1G, 1073741824",
        "2gb, 2000000000",
        "1kB, 1000",
        "0.5k, 512",
        "9223372036854775807, 9223372036854775807"
    })
    void size_withOrWithoutUnit_isBytes(String text, long bytes) {
        assertThat(new ByteSize().convert(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "MiB",
                "-1",
                "+1",
                "1.2.3",
                ".5k",
                "1.5",
                "0.3k",
                "1TiB",
                "1 0",
                "1e3",
                "0x10",
                "9223372036854775808",
                "9G0"
            })
    void size_thatIsNone_isRefused(String text) {
        assertThatThrownBy(() -> new ByteSize().convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("'" + text + "'");
    }
}
