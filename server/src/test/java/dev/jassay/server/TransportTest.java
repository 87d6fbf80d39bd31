package dev.jassay.server;

import io.grpc.Server;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Peers that are silent where they have to speak. */
final class TransportTest {
    private static final Duration MOMENT = Duration.ofMillis(1);
    /** gRPC waits no less. */
    private static final Duration LEAST_UNTIL_PING = Duration.ofSeconds(10);

    private static final Duration LONG = Rig.LIMIT.multipliedBy(2);

    @Test
    void connection_thatSaysNothing_isClosed() throws Exception {
        try (Serving serving = new Serving(new Transport.Patience(MOMENT, LONG, LONG));
                RawConnection connection = serving.connect()) {
            connection.awaitEnd();
        }
    }

    @Test
    void connection_thatAnswersNoPing_isClosed() throws Exception {
        try (Serving serving = new Serving(new Transport.Patience(LONG, LEAST_UNTIL_PING, MOMENT));
                RawConnection connection = serving.connect()) {
            connection.greet(new byte[0]);
            connection.await(frame -> frame.type() == RawConnection.PING);
            connection.awaitEnd();
        }
    }

    /** A transport without services. */
    private static final class Serving implements AutoCloseable {
        private final Transport transport;
        private final Server server;

        Serving(Transport.Patience patience) throws ListenException {
            this.transport = new Transport(Rig.options(), System::nanoTime, patience);
            this.server = transport.start(
                    List.of(),
                    Traffic.factory(new CallLog(System::nanoTime), System::nanoTime),
                    Runnable::run,
                    (call, headers) -> Runnable::run);
        }

        RawConnection connect() throws IOException {
            return new RawConnection(transport.addresses().getFirst());
        }

        @Override
        public void close() throws InterruptedException {
            server.shutdownNow().awaitTermination(Rig.LIMIT.toSeconds(), TimeUnit.SECONDS);
            transport.stop();
        }
    }
}
