package dev.jassay.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.jassay.server.ServerOptions.Exposure;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ServerOptionsTest {
    private static final Duration DAY = Duration.ofDays(1);

    @Test
    void defaults_areThoseOfTheCommandLine() {
        ServerOptions defaults = ServerOptions.defaults();
        assertThat(defaults.listen()).singleElement().satisfies(address -> {
            assertThat(address.getAddress().isLoopbackAddress()).isTrue();
            assertThat(address.getPort()).isEqualTo(50_051);
        });
        assertThat(defaults.exposure()).isEqualTo(Exposure.LOOPBACK_ONLY);
        assertThat(defaults.maxConnections()).isEqualTo(256);
        assertThat(defaults.idle()).isEqualTo(Duration.ofSeconds(60));
        assertThat(defaults.grace()).isEqualTo(Duration.ofSeconds(30));
    }

    @ParameterizedTest
    @MethodSource("atTheirEdges")
    void options_atTheirEdges_areTaken(UnaryOperator<ServerOptions> change) {
        assertThat(change.apply(ServerOptions.defaults())).isNotNull();
    }

    @ParameterizedTest
    @MethodSource("beyondTheirEdges")
    void options_beyondTheirEdges_areRefused(UnaryOperator<ServerOptions> change) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> change.apply(ServerOptions.defaults()))
                .withMessageMatching("[a-zA-Z]+ (must be|needs) .+");
    }

    static Stream<UnaryOperator<ServerOptions>> atTheirEdges() {
        return Stream.of(
                options -> options.withMaxConnections(1),
                options -> options.withMaxConnections(ServerOptions.CONNECTIONS_LIMIT),
                options -> options.withIdle(Duration.ofSeconds(1)),
                options -> options.withIdle(DAY),
                options -> options.withGrace(Duration.ZERO),
                options -> options.withGrace(DAY),
                options -> options.withFlowControlWindow(64 << 10),
                options -> options.withFlowControlWindow(8 << 20));
    }

    static Stream<UnaryOperator<ServerOptions>> beyondTheirEdges() {
        return Stream.of(
                options -> options.withListen(List.of()),
                options -> options.withMaxConnections(0),
                options -> options.withMaxConnections(ServerOptions.CONNECTIONS_LIMIT + 1),
                options -> options.withIdle(Duration.ofSeconds(1).minusNanos(1)),
                options -> options.withIdle(DAY.plusNanos(1)),
                options -> options.withGrace(Duration.ofNanos(-1)),
                options -> options.withGrace(DAY.plusNanos(1)),
                options -> options.withFlowControlWindow((64 << 10) - 1),
                options -> options.withFlowControlWindow((8 << 20) + 1));
    }
}
