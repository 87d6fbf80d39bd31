package dev.jassay.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ListenTest {
    @Test
    void feed_listenedTo_tellsEventsAndOutputsInTheirOrder() {
        Map<Told, StringBuilder> heard = new EnumMap<>(Told.class);
        SessionListener listener = (told, bytes) -> {
            assertThat(bytes.isReadOnly()).isTrue();
            heard.computeIfAbsent(told, _ -> new StringBuilder()).append(UTF_8.decode(bytes));
        };
        try (Engine engine = Engines.open();
                Plan plan = Engines.compile(engine, Engines.DEFAULTS);
                Session session = engine.newSession(plan);
                Slab slab = Engines.slabOf(engine, "{\"a\":1}\nx\n2\n")) {
            session.listen(EnumSet.allOf(Wanted.class), listener);
            assertThatThrownBy(() -> session.listen(Set.of(Wanted.EVENTS), listener))
                    .isInstanceOf(IllegalStateException.class);
            session.feed(slab);
            assertThat(heard).containsOnlyKeys(Told.EVENT);
            session.flush();
            assertThat(heard.get(Told.VALID)).hasToString("{\"a\":1}\n2\n");
            assertThat(heard.get(Told.INVALID)).hasToString("x\n");
            session.finish();
        }
    }

    @Test
    void feed_listenerThatThrows_throwsTheSameAndLeavesNothing() {
        IllegalArgumentException thrown = new IllegalArgumentException("enough");
        try (Engine engine = Engines.open();
                Plan plan = Engines.compile(engine, Engines.DEFAULTS)) {
            EngineUsage before = engine.usage();
            try (Session session = engine.newSession(plan);
                    Slab slab = Engines.slabOf(engine, "1\n2\n3\n")) {
                session.listen(Set.of(Wanted.OUTPUTS), (told, bytes) -> {
                    throw thrown;
                });
                session.feed(slab);
                assertThatThrownBy(session::flush).isSameAs(thrown);
                assertThatThrownBy(session::flush).isInstanceOf(IllegalStateException.class);
            }
            assertThat(engine.usage().memoryReserved()).isEqualTo(before.memoryReserved());
            assertThat(engine.usage().sessions()).isEqualTo(before.sessions());

            try (Session session = engine.newSession(plan);
                    Slab slab = Engines.slabOf(engine, "1\n2\n3\n")) {
                session.listen(Set.of(Wanted.OUTPUTS), (told, bytes) -> {
                    throw thrown;
                });
                session.feed(slab);
                assertThatThrownBy(session::finish).isSameAs(thrown);
            }
        }
    }
}
