package dev.jassay.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PlatformTest {
    @ParameterizedTest
    @CsvSource({
        "Linux, amd64, /native/linux-x86_64/libjassay.so",
        "Linux, aarch64, /native/linux-aarch64/libjassay.so",
        "Linux, riscv64, /native/linux-riscv64/libjassay.so",
        "Mac OS X, x86_64, /native/macos-x86_64/libjassay.dylib",
        "Mac OS X, aarch64, /native/macos-aarch64/libjassay.dylib",
        "Windows 11, amd64, /native/windows-x86_64/jassay.dll",
    })
    void resource_ofAPlatform_namesItsLibrary(String osName, String osArch, String resource) {
        assertThat(Platform.of(osName, osArch).resource()).isEqualTo(resource);
    }
}
