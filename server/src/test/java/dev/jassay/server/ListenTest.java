package dev.jassay.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.jassay.engine.Engine;
import dev.jassay.engine.EngineOptions;
import dev.jassay.server.ServerOptions.Exposure;
import dev.jassay.v1.ProcessConfig;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class ListenTest {
    private static Engine engine;

    @BeforeAll
    static void open() {
        engine = Engine.open(EngineOptions.of(Rig.ENGINE_THREADS, Rig.MEMORY_BYTES));
    }

    @AfterAll
    static void close() {
        assertThat(engine.usage().plans()).isZero();
        engine.close();
    }

    @Test
    void start_severalAddresses_servesOnEach() throws Exception {
        try (JassayServer server = start(Rig.anyPort(), Rig.anyPort(), Rig.anyPort())) {
            List<InetSocketAddress> addresses = server.addresses();
            assertThat(addresses).hasSize(3).doesNotHaveDuplicates();
            for (InetSocketAddress address : addresses) {
                assertThat(address.getPort()).isPositive();
                assertServes(address);
            }
        }
    }

    @Test
    void start_portThatIsFree_servesOnIt() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        try (JassayServer server = start(address)) {
            assertThat(server.addresses()).containsExactly(address);
            assertServes(address);
        }
    }

    @Test
    void start_portTaken_saysWhichAndLetsTheOthersGo() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerSocket freedSoon = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            InetSocketAddress takenAddress = (InetSocketAddress) taken.getLocalSocketAddress();
            InetSocketAddress free = (InetSocketAddress) freedSoon.getLocalSocketAddress();
            freedSoon.close();
            ListenException e = catchThrowableOfType(ListenException.class, () -> start(free, takenAddress));
            assertThat(e.reason()).isEqualTo(ListenException.Reason.TAKEN);
            assertThat(e.address()).isEqualTo(takenAddress);
            assertThat(e).hasMessageContaining("localhost:" + taken.getLocalPort());
            try (ServerSocket again = new ServerSocket(free.getPort(), 1, free.getAddress())) {
                assertThat(again.isBound()).isTrue();
            }
        }
    }

    @Test
    void start_addressOfAnotherMachine_isNotAvailable() {
        // Reserved for documentation, so no interface has it.
        InetSocketAddress elsewhere = new InetSocketAddress("192.0.2.1", 0);
        ServerOptions options = Rig.options().withListen(List.of(elsewhere)).withExposure(Exposure.INSECURE);
        ListenException e = catchThrowableOfType(ListenException.class, () -> JassayServer.start(engine, options));
        assertThat(e.reason()).isEqualTo(ListenException.Reason.NOT_AVAILABLE);
        assertThat(e.address()).isEqualTo(elsewhere);
    }

    @Test
    void start_nameThatIsUnknown_isNotAvailable() {
        InetSocketAddress unknown = InetSocketAddress.createUnresolved("nowhere.invalid", 1);
        ListenException e = catchThrowableOfType(ListenException.class, () -> start(unknown));
        assertThat(e.reason()).isEqualTo(ListenException.Reason.NOT_AVAILABLE);
        assertThat(e).hasMessageContaining("nowhere.invalid:1");
    }

    @Test
    void start_allInterfaces_needsToBeAllowed() throws Exception {
        InetSocketAddress everywhere = new InetSocketAddress("0.0.0.0", 0);
        ListenException e = catchThrowableOfType(ListenException.class, () -> start(everywhere));
        assertThat(e.reason()).isEqualTo(ListenException.Reason.NOT_LOOPBACK);
        assertThat(e).hasMessageContaining("0.0.0.0:0");
    }

    private static JassayServer start(InetSocketAddress... addresses) throws ListenException {
        return JassayServer.start(engine, Rig.options().withListen(List.of(addresses)));
    }

    private static void assertServes(InetSocketAddress address) throws IOException {
        ManagedChannel channel =
                NettyChannelBuilder.forAddress(address).usePlaintext().build();
        try {
            assertThat(TestCall.process(channel, ProcessConfig.getDefaultInstance(), "1\n")
                            .getCounts()
                            .getValid())
                    .isEqualTo(1);
        } finally {
            channel.shutdownNow();
        }
    }
}
