package dev.jassay.engine;

import java.util.Locale;

/**
 * What a native library is built for.
 *
 * @param folder of the library inside the jar, as in {@code linux-x86_64}
 * @param file its name, as in {@code libjassay.so}
 */
record Platform(String folder, String file) {
    static Platform current() {
        return of(System.getProperty("os.name"), System.getProperty("os.arch"));
    }

    /** Of the values of the system properties {@code os.name} and {@code os.arch}. */
    static Platform of(String osName, String osArch) {
        String os = osName.toLowerCase(Locale.ROOT);
        String arch = switch (osArch) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64", "arm64" -> "aarch64";
            default -> osArch;
        };
        if (os.startsWith("mac")) {
            return new Platform("macos-" + arch, "libjassay.dylib");
        }
        if (os.startsWith("windows")) {
            return new Platform("windows-" + arch, "jassay.dll");
        }
        return new Platform(os + "-" + arch, "libjassay.so");
    }

    /** Of the library, as a class of this package sees it. */
    String resource() {
        return "/native/" + folder + "/" + file;
    }
}
