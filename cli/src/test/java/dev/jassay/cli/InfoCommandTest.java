package dev.jassay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jassay.engine.Engine;
import dev.jassay.engine.EngineOptions;
import dev.jassay.server.JassayServer;
import dev.jassay.server.ListenException;
import dev.jassay.server.ServerOptions;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
final class InfoCommandTest {
    @Test
    void info_tellsWhatJudgesHere() {
        Run run = Run.of("info");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .containsPattern("(?m)^version +\\d+\\.\\d+\\.\\d+$")
                .containsPattern("(?m)^engine +\\d")
                .containsPattern("(?m)^kernel +\\w")
                .containsPattern("(?m)^library +\\w")
                .contains("JDK                     " + Runtime.version())
                .containsPattern("(?m)^threads +\\d")
                .containsPattern("(?m)^default max record +16,777,216 bytes$");
    }

    @Test
    void info_ofAServer_tellsItsLimits() throws ListenException {
        try (Engine engine = Engine.open(EngineOptions.of(2, 300L << 20));
                JassayServer server = JassayServer.start(
                        engine,
                        ServerOptions.defaults()
                                .withMaxConnections(77)
                                .withListen(List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))))) {
            Run run = Run.of(
                    "info",
                    "--endpoint",
                    "127.0.0.1:" + server.addresses().getFirst().getPort());
            assertThat(run.exitCode()).isZero();
            assertThat(run.out())
                    .containsPattern("(?m)^memory +314,572,800 bytes$")
                    .containsPattern("(?m)^max connections +77$")
                    .containsPattern("(?m)^formats +NDJSON, ARRAY, CONCATENATED, DOCUMENT$");
        }
    }

    @Test
    void info_ofNobody_isTold() {
        Run run = Run.of("info", "--endpoint", "127.0.0.1:1");
        assertThat(run.exitCode()).isEqualTo(ExitCode.SERVICE);
        assertThat(run.err()).containsOnlyOnce("\n");
    }
}
