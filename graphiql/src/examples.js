// The operations that a first visit finds open, and that the Examples menu opens again.
import viewer from "../examples/viewer.graphql";
import purchaseOrders from "../examples/purchase_orders.graphql";
import create from "../examples/purchase_order_create.graphql";
import createVariables from "../examples/purchase_order_create.json";
import submit from "../examples/purchase_order_submit.graphql";
import submitVariables from "../examples/purchase_order_submit.json";
import node from "../examples/node.graphql";
import nodeVariables from "../examples/node.json";
import events from "../examples/events.graphql";
import eventsVariables from "../examples/events.json";

export const EXAMPLES = [
  { label: "Who am I, and what waits for me", query: viewer },
  { label: "Purchase orders with everything", query: purchaseOrders },
  { label: "Create an order (dry run)", query: create, variables: createVariables },
  { label: "Submit an order for approval", query: submit, variables: submitVariables },
  { label: "Any record by its id", query: node, variables: nodeVariables },
  { label: "What happens, as it happens", query: events, variables: eventsVariables },
];
