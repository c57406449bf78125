package io.tankws.protocol.centrifuge.message;

/** A request of a client. Its payloads are views of the received message. */
public sealed interface Request
        permits ConnectRequest,
                HistoryRequest,
                PingRequest,
                PresenceRequest,
                PresenceStatsRequest,
                PublishRequest,
                RefreshRequest,
                RpcRequest,
                SendRequest,
                SubRefreshRequest,
                SubscribeRequest,
                UnsubscribeRequest {
    /** Returns the method that the client calls. */
    Method method();
}
