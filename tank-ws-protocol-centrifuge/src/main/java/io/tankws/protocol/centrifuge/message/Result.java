package io.tankws.protocol.centrifuge.message;

import io.tankws.protocol.centrifuge.codec.WireMessage;

/** The result of a request. */
public sealed interface Result extends WireMessage
        permits ConnectResult,
                EmptyResult,
                HistoryResult,
                PresenceResult,
                PresenceStatsResult,
                RefreshResult,
                RpcResult,
                SubRefreshResult,
                SubscribeResult {
    /** Returns the method that succeeded. */
    Method method();
}
