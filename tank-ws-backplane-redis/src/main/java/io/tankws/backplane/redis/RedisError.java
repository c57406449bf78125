package io.tankws.backplane.redis;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The errors of Redis that this module knows by their first words. The rest of an error text never leaves the module,
 * because Redis quotes arguments there and one of them may be a password.
 */
final class RedisError {
    private static final String UNKNOWN = "Redis answered with an error that is not known here";
    private static final Map<String, String> SENTENCES = sentences();

    private RedisError() {}

    private static Map<String, String> sentences() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("ERR unknown command", "it does not know a command that is needed");
        all.put("ERR unknown subcommand", "it does not know a command that is needed");
        all.put("ERR max number of clients reached", "it has too many clients");
        all.put("ERR invalid password", "the password is wrong");
        all.put(
                "ERR AUTH <password> called without any password configured",
                "it has no password; use a URI without one");
        all.put("ERR Client sent AUTH, but no password is set", "it has no password; use a URI without one");
        all.put("ERR DB index is out of range", "it has no database of that number");
        all.put("ERR SELECT is not allowed in cluster mode", "a Redis Cluster has one database");
        all.put("ERR This instance has cluster support disabled", "it is no node of a Redis Cluster");
        all.put("ERR", "it does not accept the command");
        all.put("WRONGPASS", "the user or the password is wrong");
        all.put("NOAUTH", "it requires a password");
        all.put("NOPERM", "the user lacks a right; the ACL log of Redis names it");
        all.put("DENIED", "it runs in protected mode");
        all.put("NOPROTO", "it does not speak the protocol version");
        all.put("LOADING", "it is loading its data");
        all.put("BUSY", "it is busy with a script");
        all.put("OOM", "it has no memory left");
        all.put("MISCONF", "it cannot save its data");
        all.put("NOREPLICAS", "it has too few replicas");
        all.put("READONLY", "it is a replica");
        all.put("MASTERDOWN", "it is a replica without a master");
        all.put("CLUSTERDOWN", "the Redis Cluster is down");
        all.put("MOVED", "another server has the slot");
        all.put("ASK", "another server has the slot");
        all.put("TRYAGAIN", "the slot is being moved");
        all.put("CROSSSLOT", "the keys are in several slots");
        all.put("NOSCRIPT", "it does not have the script");
        all.put("WRONGTYPE", "a key holds a value of another type");
        all.put("EXECABORT", "it aborted a transaction");
        return all;
    }

    /** Returns a sentence that explains an error, without its text. */
    static String sentence(@Nullable String error) {
        String code = code(error);
        return error == null || code.isEmpty() ? UNKNOWN : "Redis refused it: " + code + ", " + explain(error);
    }

    private static String explain(String error) {
        for (Map.Entry<String, String> known : SENTENCES.entrySet()) {
            if (beginsWith(error, known.getKey())) {
                return known.getValue();
            }
        }
        throw new IllegalStateException("a code without a sentence");
    }

    /** Returns the first word of a known error, or an empty string. */
    static String code(@Nullable String error) {
        if (error != null) {
            for (String known : SENTENCES.keySet()) {
                if (known.indexOf(' ') < 0 && beginsWith(error, known)) {
                    return known;
                }
            }
        }
        return "";
    }

    private static boolean beginsWith(String error, String known) {
        return error.startsWith(known)
                && (error.length() == known.length() || !Character.isLetterOrDigit(error.charAt(known.length())));
    }

    /** Returns whether a known error starts with this text. */
    static boolean isPrefix(CharSequence text) {
        for (String known : SENTENCES.keySet()) {
            if (known.length() >= text.length() && startsWith(known, text)) {
                return true;
            }
        }
        return false;
    }

    private static boolean startsWith(String known, CharSequence text) {
        for (int i = 0; i < text.length(); i++) {
            if (known.charAt(i) != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
