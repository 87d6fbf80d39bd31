package dev.jassay.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FrameHeadersTest {
    private static final String FRAMES = "000003" + "00" + "01" + "00000005" + "aabbcc" // data of stream 5
            + "000000" + "04" + "01" + "00000000" // settings
            + "000104" + "01" + "04" + "ffffffff" + "00".repeat(0x104); // headers of the last stream, reserved bit set

    @Test
    void read_framesCutAnywhere_findsEachHeaderOnce() {
        byte[] bytes = HexFormat.of().parseHex(FRAMES);
        for (int cut = 0; cut <= bytes.length; cut++) {
            List<String> found = new ArrayList<>();
            FrameHeaders frames = new FrameHeaders();
            for (ByteBuf part : List.of(
                    Unpooled.wrappedBuffer(bytes, 0, cut), Unpooled.wrappedBuffer(bytes, cut, bytes.length - cut))) {
                int readable = part.readableBytes();
                frames.read(part, (type, stream) -> found.add(type + "/" + stream));
                assertThat(part.readableBytes()).isEqualTo(readable);
            }
            assertThat(found).as("cut at %d", cut).containsExactly("0/5", "4/0", "1/2147483647");
        }
    }
}
