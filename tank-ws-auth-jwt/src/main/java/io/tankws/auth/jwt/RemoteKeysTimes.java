package io.tankws.auth.jwt;

import java.time.Duration;

/**
 * The times of a set of keys that a server publishes.
 *
 * @param lifetime the time after which the keys are fetched again
 * @param refreshInterval the minimum time between the starts of two requests
 * @param timeout the maximum duration of a request
 */
record RemoteKeysTimes(Duration lifetime, Duration refreshInterval, Duration timeout) {}
