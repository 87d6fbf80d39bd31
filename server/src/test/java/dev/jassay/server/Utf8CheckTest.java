package dev.jassay.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Against the decoder of the JDK. */
final class Utf8CheckTest {
    @Test
    void passed_everySequenceOfTwoBytes_isAsTheDecoderHasIt() {
        for (int i = 0; i < 1 << 16; i++) {
            assertAsTheDecoder(new byte[] {(byte) (i >>> 8), (byte) i});
        }
    }

    @Test
    void passed_sequencesOfThreeAndFourBytesAtTheirEdges_areAsTheDecoderHasThem() {
        int[] edges = {0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xFF};
        for (int first = 0xC0; first <= 0xFF; first++) {
            for (int second : edges) {
                for (int third : edges) {
                    assertAsTheDecoder(new byte[] {(byte) first, (byte) second, (byte) third});
                    for (int fourth : edges) {
                        assertAsTheDecoder(new byte[] {(byte) first, (byte) second, (byte) third, (byte) fourth});
                    }
                }
            }
        }
    }

    @Test
    void passed_textsWithAFaultAnywhere_areAsTheDecoderHasThem() {
        Random random = new Random(7);
        byte[] text = "ascii ascii ascii \u00e4\u20ac\ud83d\ude00 ascii ascii \u00fc".getBytes(StandardCharsets.UTF_8);
        assertAsTheDecoder(text);
        for (int i = 0; i < 20_000; i++) {
            byte[] changed = text.clone();
            changed[random.nextInt(text.length)] = (byte) random.nextInt(256);
            assertAsTheDecoder(Arrays.copyOf(changed, random.nextInt(text.length + 1)));
        }
    }

    private static void assertAsTheDecoder(byte[] bytes) {
        boolean expected = decodes(bytes);
        for (int cut = 0; cut <= bytes.length; cut++) {
            Utf8Check check = new Utf8Check();
            check.accept(ByteBuffer.wrap(bytes, 0, cut));
            check.accept(ByteBuffer.allocateDirect(bytes.length - cut)
                    .put(bytes, cut, bytes.length - cut)
                    .flip());
            if (check.passed() != expected) {
                assertThat(check.passed())
                        .as("%s cut at %d", Arrays.toString(bytes), cut)
                        .isEqualTo(expected);
            }
        }
    }

    private static boolean decodes(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
