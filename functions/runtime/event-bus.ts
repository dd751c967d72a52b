import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { makeEventBus } from '#adapters/event-bridge/event-bridge-bus';
import { required } from './environment.ts';
import { lazy } from './lazy.ts';
import { ports } from './ports.ts';

/** Where committed events go, in a deployed function. */
export const bus = lazy(() => makeEventBus(new EventBridgeClient({}), required(ports().environment, 'EVENT_BUS_NAME')));
