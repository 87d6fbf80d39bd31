package dev.jassay.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class HeapRoomTest {
    @Test
    void take_allPlacesTaken_waitsUntilOneIsFree() throws Exception {
        HeapRoom room = new HeapRoom(2, 100);
        try (HeapRoom.Lease first = room.take();
                HeapRoom.Lease second = room.take()) {
            assertThat(first.bytes()).hasSize(100).isNotSameAs(second.bytes());
            assertThat(room.free()).isZero();
            CompletableFuture<Thread> waiting = new CompletableFuture<>();
            CompletableFuture<HeapRoom.Lease> third = CompletableFuture.supplyAsync(() -> {
                waiting.complete(Thread.currentThread());
                return room.take();
            });
            Thread thread = waiting.get(Rig.LIMIT.toSeconds(), TimeUnit.SECONDS);
            Rig.await("it waits", () -> thread.getState() == Thread.State.WAITING);
            byte[] freed = second.bytes();
            second.close();
            try (HeapRoom.Lease taken = third.get(Rig.LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                assertThat(taken.bytes()).isSameAs(freed);
            }
        }
        assertThat(room.free()).isEqualTo(2);
    }

    @Test
    void close_secondTime_doesNothing() {
        HeapRoom room = new HeapRoom(1, 100);
        HeapRoom.Lease lease = room.take();
        lease.close();
        lease.close();
        assertThat(room.free()).isEqualTo(1);
    }
}
