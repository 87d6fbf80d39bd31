package dev.jassay.engine;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jassay.engine.ConfigException.FieldViolation;
import dev.jassay.engine.SchemaException.Problem;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class NativeFailureTest {
    @Test
    void toException_everyStatus_hasItsType() {
        Map<Integer, Class<? extends RuntimeException>> types = Map.of(
                JassayAbi.INVALID_ARGUMENT, IllegalArgumentException.class,
                JassayAbi.MEMORY_REFUSED, MemoryRefusedException.class,
                JassayAbi.CANCELLED, SessionCancelledException.class,
                JassayAbi.ENGINE_FAULT, EngineFaultException.class,
                JassayAbi.SESSION_SPENT, IllegalStateException.class);
        types.forEach((status, type) -> assertThat(new NativeFailure(status, "what happened").toException())
                .isExactlyInstanceOf(type)
                .hasMessage("what happened"));
    }

    @Test
    void toException_ofASchema_hasReasonAndProblems() {
        Map<Integer, SchemaException.Reason> reasons = Map.of(
                JassayAbi.SCHEMA_INVALID, SchemaException.Reason.INVALID,
                JassayAbi.SCHEMA_REF_UNRESOLVED, SchemaException.Reason.REF_UNRESOLVED,
                JassayAbi.SCHEMA_TOO_COMPLEX, SchemaException.Reason.TOO_COMPLEX);
        reasons.forEach((status, reason) -> {
            SchemaException thrown =
                    (SchemaException) new NativeFailure(status, "#/a/type: what: happened\nwhatever").toException();
            assertThat(thrown.reason()).isEqualTo(reason);
            assertThat(thrown).hasMessage("#/a/type: what: happened\nwhatever");
            assertThat(thrown.problems())
                    .containsExactly(new Problem("", "/a/type", "what: happened"), new Problem("", "", "whatever"));
        });
    }

    @Test
    void problems_ofResources_nameThem() {
        SchemaException thrown = new SchemaException(SchemaException.Reason.INVALID, """
                urn:x:y#: is no JSON
                https://a.example/b?c#/d~1e/f g#h: bad
                http://a.example/#/$ref#/x: bad
                http://json.example/schema##/type: bad
                """);
        assertThat(thrown.problems())
                .containsExactly(
                        new Problem("urn:x:y", "", "is no JSON"),
                        new Problem("https://a.example/b?c", "/d~1e/f g#h", "bad"),
                        new Problem("http://a.example/", "/$ref#/x", "bad"),
                        new Problem("http://json.example/schema#", "/type", "bad"));
    }

    @Test
    void toException_statusNobodyKnows_isAFaultThatNamesIt() {
        assertThat(new NativeFailure(99, "").toException())
                .isExactlyInstanceOf(EngineFaultException.class)
                .hasMessageContaining("99");
    }

    @Test
    void toConfigException_linesOfText_becomeViolations() {
        ConfigException thrown = new NativeFailure(
                        JassayAbi.CONFIG_INVALID, "a.b: must be 1 to 2: not 3\nc: too long\n")
                .toConfigException();
        assertThat(thrown.violations())
                .containsExactly(
                        new FieldViolation("a.b", "must be 1 to 2: not 3"), new FieldViolation("c", "too long"));
    }

    @Test
    void read_textLengthBeyondTheStruct_staysInsideIt() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment error = arena.allocate(JassayAbi.ERROR);
            error.set(JAVA_INT, JassayAbi.ERROR_TEXT_LENGTH_OFFSET, JassayAbi.ERROR_TEXT_BYTES + 1);
            assertThat(NativeFailure.read(JassayAbi.ENGINE_FAULT, error).text()).hasSize(JassayAbi.ERROR_TEXT_BYTES);
        }
    }
}
