package dev.jassay.cli;

import com.google.protobuf.ByteString;
import dev.jassay.client.JassayClient;
import dev.jassay.client.ProcessOptions;
import dev.jassay.v1.ProcessConfig;
import dev.jassay.v1.ProcessResult;
import dev.jassay.v1.Timing;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;

/**
 * Has a server judge files, one after the other, and make one result of their states. These wait in a file without a name: all of them can
 * be more than memory should hold, and a call that waits for a long file would be taken for one that stalls.
 */
final class ServedFiles {
    private final JassayClient client;
    private final ProcessConfig config;
    private final InputFiles files;
    private final FileTroubles troubles;
    private final JointProgress progress;
    private long engineNanos;

    /** @param config with a state */
    ServedFiles(JassayClient client, ProcessConfig config, InputFiles files, FileTroubles troubles, Watch watch) {
        this.client = client;
        this.config = config;
        this.files = files;
        this.troubles = troubles;
        this.progress = new JointProgress(watch);
    }

    /**
     * Does it.
     *
     * @throws CommandFailure (INPUT) if none could be read
     * @throws IOException if the states cannot be kept
     */
    ProcessResult judge() throws IOException, InterruptedException {
        long began = System.nanoTime();
        try (FileChannel states = FileChannel.open(
                Files.createTempFile("jassay-", ".states"),
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE)) {
            for (int number = 0; number < files.names().size(); number++) {
                append(ServerJudge.requireState(judge(number)), states);
            }
            if (troubles.unreadableFiles() == files.names().size()) {
                throw new CommandFailure(ExitCode.INPUT, "no file could be read");
            }
            states.position(0);
            ProcessResult whole = client.merge(Judge.configOfWhole(), states, ProcessOptions.defaults());
            return whole.toBuilder()
                    .setTiming(timing(whole, System.nanoTime() - began))
                    .build();
        }
    }

    /** That of all calls, as if they had been one. */
    private Timing timing(ProcessResult whole, long wallNanos) {
        long engine = engineNanos + whole.getTiming().getEngineNanos();
        long bytes = whole.getCounts().getBytes();
        return whole.getTiming().toBuilder()
                .setWallNanos(wallNanos)
                .setEngineNanos(engine)
                .setReceiveNanos(Math.max(wallNanos - engine, 0))
                .setReceivedBytes(bytes)
                .setBytesPerSecond(bytes / Figures.seconds(wallNanos))
                .build();
    }

    private static void append(ByteString state, FileChannel states) throws IOException {
        for (ByteBuffer piece : state.asReadOnlyByteBufferList()) {
            while (piece.hasRemaining()) {
                states.write(piece);
            }
        }
    }

    private ProcessResult judge(int number) throws IOException, InterruptedException {
        ProcessConfig ofPart = config.toBuilder()
                .setSource(files.source(number))
                .setPart(number)
                .build();
        try (Input input = files.open(number)) {
            Consumer<Passed> share = progress.share();
            ProcessOptions options =
                    ProcessOptions.defaults().withProgress(bytes -> share.accept(Passed.ofBytes(bytes)));
            ProcessResult result = client.process(ofPart, input.channel(), options);
            troubles.judged(files.source(number), result.getTermination(), result.getStoppedAt());
            engineNanos += result.getTiming().getEngineNanos();
            return result;
        } catch (ClosedByInterruptException interrupt) {
            throw interrupt;
        } catch (CommandFailure | IOException failure) {
            troubles.unreadable(files.names().get(number), failure);
            // Nothing of it, so that the parts are all there.
            return client.process(ofPart, InputStream.nullInputStream());
        }
    }
}
