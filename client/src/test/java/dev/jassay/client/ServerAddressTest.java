package dev.jassay.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@NullMarked
final class ServerAddressTest {
    @Test
    void parse_nameAndPort_givesBoth() {
        assertThat(ServerAddress.parse("localhost:50051")).isEqualTo(new ServerAddress("localhost", 50051));
    }

    @Test
    void parse_addressOfIpv6_isReadWithoutItsBrackets() {
        assertThat(ServerAddress.parse("[::1]:80")).isEqualTo(new ServerAddress("::1", 80));
    }

    @ParameterizedTest
    @ValueSource(strings = {"h:0", "h:65535", "[::1]:1", "127.0.0.1:50051"})
    void toString_ofWhatWasParsed_isTheText(String text) {
        assertThat(ServerAddress.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost",
                ":50051",
                "h:",
                "h:-1",
                "h:65536",
                "h:99999999999",
                "h:8o",
                "::1:80",
                "[h]:80",
                "[::1]"
            })
    void parse_anythingElse_saysWhatToWrite(String text) {
        assertThatThrownBy(() -> ServerAddress.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"" + text + "\"")
                .hasMessageContaining("HOST:PORT");
    }
}
