package dev.jassay.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a whole number that fits a {@code uint32}; the value has its bits. */
final class UnsignedInt implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
        try {
            return text.startsWith("+") ? wrong(text) : Integer.parseUnsignedInt(text);
        } catch (NumberFormatException _) {
            return wrong(text);
        }
    }

    private static Integer wrong(String text) {
        throw new TypeConversionException("'" + text + "' is no whole number of 0 to 4294967295");
    }
}
