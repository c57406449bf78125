package io.tankws.protocol.centrifuge.message;

import io.tankws.protocol.centrifuge.codec.FieldWriter;

/**
 * The result of a request for the number of clients.
 *
 * @param numClients the number of subscribers
 * @param numUsers the number of their users
 */
public record PresenceStatsResult(long numClients, long numUsers) implements Result {
    @Override
    public void writeTo(FieldWriter out) {
        out.always().number(1, "num_clients", numClients);
        out.always().number(2, "num_users", numUsers);
    }

    @Override
    public Method method() {
        return Method.PRESENCE_STATS;
    }
}
