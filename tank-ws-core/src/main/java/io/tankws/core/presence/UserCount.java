package io.tankws.core.presence;

/**
 * The members of a topic on one node, as numbers.
 *
 * @param connections number of members
 * @param users number of distinct users
 * @param userHashes hashes of the user ids, so that a user with members on several nodes can be found; empty if there
 *     are too many users
 */
public record UserCount(long connections, long users, long[] userHashes) {
    public static final UserCount NONE = new UserCount(0, 0, new long[0]);

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    /** Returns whether each user has a hash. */
    public boolean isComparable() {
        return userHashes.length == users;
    }

    /** Returns a hash of 64 bits (FNV-1a). Different users have the same hash with negligible probability. */
    static long hash(String userId) {
        long hash = FNV_OFFSET;
        for (int i = 0; i < userId.length(); i++) {
            hash = (hash ^ userId.charAt(i)) * FNV_PRIME;
        }
        return hash;
    }
}
