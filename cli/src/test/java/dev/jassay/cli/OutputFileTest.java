package dev.jassay.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NullMarked
final class OutputFileTest {
    @TempDir
    private Path folder = Path.of("");

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void commit_putsTheWholeInPlace() throws IOException {
        Path target = Files.writeString(folder.resolve("out"), "old");
        try (OutputFile file = OutputFile.create(target, List.of())) {
            file.stream().write("new".getBytes(UTF_8));
            assertThat(target).hasContent("old");
            file.commit();
        }
        assertThat(target).hasContent("new");
        assertThat(names()).containsExactly("out");
    }

    @Test
    void commit_overAFile_keepsItsPermissions() throws IOException {
        Path target = Files.writeString(folder.resolve("out"), "old");
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rw-------"));
        try (OutputFile file = OutputFile.create(target, List.of())) {
            file.commit();
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target)))
                .isEqualTo("rw-------");
    }

    @Test
    void close_withoutCommit_leavesWhatWas() throws IOException {
        Path target = Files.writeString(folder.resolve("out"), "old");
        try (OutputFile file = OutputFile.create(target, List.of())) {
            file.stream().write(1);
        }
        assertThat(target).hasContent("old");
        assertThat(names()).containsExactly("out");
    }

    @Test
    void create_overAnInputByAnotherName_isRefused() throws IOException {
        Path input = Files.writeString(folder.resolve("in"), "data");
        Path link = Files.createSymbolicLink(folder.resolve("link"), input);
        assertThatThrownBy(() -> OutputFile.create(link, List.of(input)))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("is an input");
        assertThat(input).hasContent("data");
    }

    @Test
    void create_throughALink_keepsTheLink() throws IOException {
        Path target = Files.writeString(folder.resolve("target"), "old");
        Path link = Files.createSymbolicLink(folder.resolve("link"), target);
        try (OutputFile file = OutputFile.create(link, List.of())) {
            file.stream().write("new".getBytes(UTF_8));
            file.commit();
        }
        assertThat(link).isSymbolicLink();
        assertThat(target).hasContent("new");
    }

    @Test
    void create_whereNothingCanBeWritten_isRefused() {
        assertThatThrownBy(() -> OutputFile.create(folder, List.of())).hasMessageContaining("is a directory");
        assertThatThrownBy(() -> OutputFile.create(folder.resolve("no/where"), List.of()))
                .hasMessageContaining("its folder does not exist");
    }

    @Test
    void create_ofADevice_writesToIt() throws IOException {
        try (OutputFile file = OutputFile.create(Path.of("/dev/null"), List.of())) {
            file.stream().write(1);
            file.commit();
        }
        assertThat(Path.of("/dev/null")).exists();
    }
}
