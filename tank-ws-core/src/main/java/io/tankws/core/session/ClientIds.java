package io.tankws.core.session;

import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * The ids of the clients of one process: a random text of the process, and a number. The text makes an id unique among
 * processes, because presence and publications carry ids to other nodes and outlive the process in a shared history.
 */
final class ClientIds {
    /** Ids of this process. */
    static final ClientIds OF_PROCESS = new ClientIds();

    private static final int RANDOM_BYTES = 12;

    private final String prefix;

    ClientIds() {
        byte[] random = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(random);
        prefix = HexFormat.of().formatHex(random) + "-";
    }

    String of(long number) {
        return prefix + number;
    }

    /** Returns the number in an id, or 0 if the text is no id of this process. */
    long number(String id) {
        if (!id.startsWith(prefix)) {
            return 0;
        }
        try {
            return Long.parseLong(id, prefix.length(), id.length(), 10);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
