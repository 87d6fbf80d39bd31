package dev.jassay.bench;

import com.sun.management.ThreadMXBean;
import com.sun.tools.attach.VirtualMachine;
import dev.jassay.bench.Turns.Figures;
import java.lang.management.ManagementFactory;
import java.util.List;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** How much Java memory the server allocates for each byte it receives. */
final class AllocationRow {
    private static final int CHUNK_BYTES = 256 << 10;
    private static final long BYTES = 2_000_000_000;
    private static final double BAR = 0.05;

    private final Options options;
    private final Turns turns;
    private final Servers servers;

    AllocationRow(Options options, Turns turns, Servers servers) {
        this.options = options;
        this.turns = turns;
        this.servers = servers;
    }

    List<Result> measure() throws Exception {
        PreparedStream stream = PreparedStream.ofFile(options.data(DataSet.ORDERS, ".ndjson"), CHUNK_BYTES);
        long passes = stream.passesFor(options.scaled(BYTES));
        try (LoadClient client = servers.jassayClient();
                JMXConnector connector = connect(servers.jassay().pid())) {
            ThreadMXBean server = ManagementFactory.newPlatformMXBeanProxy(
                    connector.getMBeanServerConnection(), ManagementFactory.THREAD_MXBEAN_NAME, ThreadMXBean.class);
            Figures perByte = turns.take("Java allocation of the server", List.of(() -> {
                        long before = server.getTotalThreadAllocatedBytes();
                        client.streamRate(stream, passes);
                        return (double) (server.getTotalThreadAllocatedBytes() - before)
                                / (passes * stream.payloadBytes());
                    }))
                    .getFirst();
            return List.of(Result.absolute(
                            "Java allocation, 256 KiB chunks", "orders", perByte.median(), "B per byte received")
                    .atMost(BAR));
        }
    }

    /** To a process of ours, which itself tells where. */
    @SuppressWarnings("BanJNDI")
    private static JMXConnector connect(long pid) throws Exception {
        VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
        try {
            return JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent()));
        } finally {
            machine.detach();
        }
    }
}
