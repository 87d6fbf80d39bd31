package dev.jassay.cli;

/** Numbers as people read them, the same in every locale. */
final class Figures {
    private static final String[] BYTE_UNITS = {"bytes", "kB", "MB", "GB", "TB", "PB", "EB"};
    private static final long NANOS = 1_000_000_000L;

    private Figures() {}

    /** As in {@code 1,234,567}. */
    static String grouped(long value) {
        StringBuilder digits = new StringBuilder(Long.toUnsignedString(value));
        for (int at = digits.length() - 3; at > 0; at -= 3) {
            digits.insert(at, ',');
        }
        return digits.toString();
    }

    /** With three digits and a decimal unit, as in {@code 66.4 MB}. */
    static String bytes(double value) {
        double scaled = value;
        int unit = 0;
        while (scaled >= 999.5 && unit < BYTE_UNITS.length - 1) {
            scaled /= 1_000;
            unit++;
        }
        String digits = threeDigits(scaled, unit == 0 ? 0 : 2);
        return digits + " " + (unit == 0 && digits.equals("1") ? "byte" : BYTE_UNITS[unit]);
    }

    /** As in {@code 1 record}, {@code 1,000 records}. */
    static String count(long value, String noun) {
        return grouped(value) + " " + noun + (value == 1 ? "" : "s");
    }

    /** As in {@code 0.21 s}, {@code 12.3 s}, {@code 3 min 20 s}, {@code 2 h 5 min}. */
    static String duration(double seconds) {
        if (seconds < 59.95) {
            return threeDigits(seconds, 2) + " s";
        }
        long whole = Math.round(seconds);
        return whole < 3_600
                ? whole / 60 + " min " + whole % 60 + " s"
                : whole / 3_600 + " h " + whole % 3_600 / 60 + " min";
    }

    static double seconds(long nanos) {
        return (double) nanos / NANOS;
    }

    /** Of 0 to 100 %, as in {@code 1 %} or {@code 0.05 %}; never 0 % or 100 % unless it is exactly that. */
    static String percent(long part, long whole) {
        if (part == 0 || whole == 0) {
            return "0 %";
        }
        if (part == whole) {
            return "100 %";
        }
        double percent = Math.clamp(100.0 * part / whole, 0.001, 99.999);
        String text = fixed(percent, percent < 1 || percent > 99 ? 3 : 1);
        return withoutTrailingZeros(text) + " %";
    }

    private static String threeDigits(double value, int mostDecimals) {
        int decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
        return fixed(value, Math.min(decimals, mostDecimals));
    }

    private static String fixed(double value, int decimals) {
        long scale = decimals == 3 ? 1_000 : decimals == 2 ? 100 : decimals == 1 ? 10 : 1;
        long rounded = Math.round(value * scale);
        if (decimals == 0) {
            return Long.toString(rounded);
        }
        String fraction = Long.toString(scale + rounded % scale).substring(1);
        return rounded / scale + "." + fraction;
    }

    private static String withoutTrailingZeros(String decimal) {
        int end = decimal.length();
        while (decimal.charAt(end - 1) == '0') {
            end--;
        }
        return decimal.substring(0, decimal.charAt(end - 1) == '.' ? end - 1 : end);
    }
}
