package dev.jassay.cli;

import static dev.jassay.cli.RecordBytes.utf8;

import java.util.List;

/**
 * Writes made-up orders of about 330 bytes each, with nested items, and letters beyond ASCII now and then. An order depends on seed,
 * index and layout alone. One thread at a time.
 */
final class OrderWriter {
    private static final byte[][] FIRST_NAMES =
            all("Ada", "Bruno", "Chloé", "Dmitri", "Zoë", "Farid", "Greta", "Hugo", "Ines", "Jürgen");
    private static final byte[][] LAST_NAMES =
            all("Almeida", "Brandt", "Castillo", "Dubois", "Eriksen", "Fischer", "García", "Horák");
    private static final byte[][] CITIES =
            all("Lisboa", "Leipzig", "Kraków", "Oslo", "Gdańsk", "Porto", "東京", "Lyon", "Ghent", "Αθήνα");
    private static final byte[][] CURRENCIES = all("EUR", "USD", "GBP", "JPY");
    private static final byte[][] TITLES =
            all("Paper, A4", "Desk lamp", "Café crème 500 g", "Cable 2 m", "Notebook", "Ink, black");
    private static final byte[][] FLAGS = all("true", "false");
    private static final byte[][] NOTES = all(
            "null",
            "\"leave it at the door\"",
            "\"ring twice, second floor on the left\"",
            "\"say \\\"hello\\\" to the neighbours\"",
            "\"caf\\u00e9 entrance, then up\"",
            "null",
            "\"thank you \uD83D\uDE00\"",
            "\"line one\\nline two\"");
    private static final byte[] LETTERS = utf8("ABCDEFGHJKLMNPQRSTUVWXYZ");

    private static final long FIRST_ID = 100_000;
    private static final int MAX_ITEMS = 3;

    private final long seed;
    private final SplitMix64 random = new SplitMix64(0);
    private final Parts parts;

    OrderWriter(long seed, SampleFormat.Layout layout) {
        this.seed = seed;
        this.parts = Parts.of(layout);
    }

    /** Appends one order. */
    void write(long index, RecordBytes out) {
        random.restart(seed, index);
        out.put(parts.id);
        out.putDecimal(FIRST_ID + index);
        out.put(parts.order);
        putCode(4, out);
        out.put('"');
        out.put(parts.placed);
        putMoment(out);
        putCustomer(out);
        out.put(parts.currency);
        out.put(pick(CURRENCIES));
        out.put('"');
        long cents = putItems(out);
        out.put(parts.total);
        putAmount(cents, out);
        out.put(parts.paid);
        out.put(pick(FLAGS));
        out.put(parts.note);
        out.put(pick(NOTES));
        out.put(parts.end);
    }

    private void putCustomer(RecordBytes out) {
        out.put(parts.name);
        out.put(pick(FIRST_NAMES));
        out.put(' ');
        out.put(pick(LAST_NAMES));
        out.put('"');
        out.put(parts.city);
        out.put(pick(CITIES));
        out.put('"');
        out.put(parts.customerEnd);
    }

    /** @return what the items cost together */
    private long putItems(RecordBytes out) {
        int count = 1 + random.below(MAX_ITEMS);
        long cents = 0;
        for (int item = 0; item < count; item++) {
            out.put(item == 0 ? parts.firstSku : parts.nextSku);
            putCode(2, out);
            out.put('"');
            out.put(parts.title);
            out.put(pick(TITLES));
            out.put('"');
            int quantity = 1 + random.below(9);
            int price = 50 + random.below(20_000);
            out.put(parts.quantity);
            out.putDecimal(quantity);
            out.put(parts.price);
            putAmount(price, out);
            out.put(parts.itemEnd);
            cents += (long) quantity * price;
        }
        out.put(parts.itemsEnd);
        return cents;
    }

    private void putCode(int letters, RecordBytes out) {
        for (int letter = 0; letter < letters; letter++) {
            out.put(LETTERS[random.below(LETTERS.length)]);
        }
        out.put('-');
        out.putDigits(random.below(100_000), 5);
    }

    private void putMoment(RecordBytes out) {
        out.put(Parts.YEAR);
        out.putDigits(1 + random.below(12), 2);
        out.put('-');
        out.putDigits(1 + random.below(28), 2);
        out.put('T');
        out.putDigits(random.below(24), 2);
        out.put(':');
        out.putDigits(random.below(60), 2);
        out.put(':');
        out.putDigits(random.below(60), 2);
        out.put('Z');
        out.put('"');
    }

    private static void putAmount(long cents, RecordBytes out) {
        out.putDecimal(cents / 100);
        out.put('.');
        out.putDigits(cents % 100, 2);
    }

    private byte[] pick(byte[][] values) {
        return values[random.below(values.length)];
    }

    private static byte[][] all(String... values) {
        return List.of(values).stream().map(RecordBytes::utf8).toArray(byte[][]::new);
    }

    /** What stands between the values of an order, in one layout. */
    private static final class Parts {
        static final byte[] YEAR = utf8("2025-");

        final byte[] id;
        final byte[] order;
        final byte[] placed;
        final byte[] name;
        final byte[] city;
        final byte[] customerEnd;
        final byte[] currency;
        final byte[] firstSku;
        final byte[] nextSku;
        final byte[] title;
        final byte[] quantity;
        final byte[] price;
        final byte[] itemEnd;
        final byte[] itemsEnd;
        final byte[] total;
        final byte[] paid;
        final byte[] note;
        final byte[] end;

        /** The line breaks and indents by depth, and what stands between key and value. */
        private Parts(String line, String one, String two, String three, String colon) {
            String items = "," + one + "\"items\"" + colon + "[";
            String sku = two + "{" + three + "\"sku\"" + colon + "\"";
            id = utf8("{" + one + "\"id\"" + colon);
            order = utf8("," + one + "\"order\"" + colon + "\"");
            placed = utf8("," + one + "\"placed\"" + colon + "\"");
            name = utf8("," + one + "\"customer\"" + colon + "{" + two + "\"name\"" + colon + "\"");
            city = utf8("," + two + "\"city\"" + colon + "\"");
            customerEnd = utf8(one + "}");
            currency = utf8("," + one + "\"currency\"" + colon + "\"");
            firstSku = utf8(items + sku);
            nextSku = utf8("," + sku);
            title = utf8("," + three + "\"title\"" + colon + "\"");
            quantity = utf8("," + three + "\"quantity\"" + colon);
            price = utf8("," + three + "\"price\"" + colon);
            itemEnd = utf8(two + "}");
            itemsEnd = utf8(one + "]");
            total = utf8("," + one + "\"total\"" + colon);
            paid = utf8("," + one + "\"paid\"" + colon);
            note = utf8("," + one + "\"note\"" + colon);
            end = utf8(line + "}");
        }

        static Parts of(SampleFormat.Layout layout) {
            return switch (layout) {
                case COMPACT -> new Parts("", "", "", "", ":");
                case PRETTY -> new Parts("\n", "\n  ", "\n    ", "\n      ", ": ");
            };
        }
    }
}
