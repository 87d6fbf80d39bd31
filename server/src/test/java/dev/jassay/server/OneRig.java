package dev.jassay.server;

import io.grpc.ManagedChannel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.TestInstance;

/** Tests that share a server, on which each leaves nothing behind. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class OneRig {
    private final Rig rig = Rig.start();

    final ManagedChannel channel = rig.newChannel();

    @AfterEach
    void nothingIsLeft() {
        rig.awaitBaseline();
    }

    @AfterAll
    void stop() {
        rig.close();
    }
}
