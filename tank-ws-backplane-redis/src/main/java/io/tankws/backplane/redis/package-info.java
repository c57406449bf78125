/** The backplane over Redis; {@link io.tankws.backplane.redis.RedisBackplaneProvider} is its only public type. */
@NullMarked
package io.tankws.backplane.redis;

import org.jspecify.annotations.NullMarked;
