package dev.jassay.cli;

import java.math.BigDecimal;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads a SIZE: a number of bytes, or a number with a unit as in {@code 64KiB}, {@code 3.5MiB}, {@code 1G}. K, M, G and KiB, MiB, GiB
 * are powers of 1,024; kB, MB, GB of 1,000. It must be whole bytes.
 */
final class ByteSize implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
        int end = text.length();
        while (end > 0 && !isDigit(text.charAt(end - 1))) {
            end--;
        }
        String number = text.substring(0, end);
        if (number.chars().filter(c -> c == '.').count() > 1
                || number.isEmpty()
                || number.startsWith(".")
                || !number.chars().allMatch(c -> isDigit((char) c) || c == '.')) {
            throw wrong(text);
        }
        try {
            return new BigDecimal(number)
                    .multiply(BigDecimal.valueOf(unit(text.substring(end).strip(), text)))
                    .longValueExact();
        } catch (ArithmeticException _) {
            throw wrong(text);
        }
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static long unit(String unit, String text) {
        return switch (unit.toLowerCase(Locale.ROOT)) {
            case "", "b" -> 1;
            case "k", "kib" -> 1L << 10;
            case "m", "mib" -> 1L << 20;
            case "g", "gib" -> 1L << 30;
            case "kb" -> 1_000;
            case "mb" -> 1_000_000;
            case "gb" -> 1_000_000_000;
            default -> throw wrong(text);
        };
    }

    private static TypeConversionException wrong(String text) {
        return new TypeConversionException(
                "'" + text + "' is no size: write bytes, or a number with a unit, as in 65536, 64KiB, 3.5MiB or 1GiB");
    }
}
