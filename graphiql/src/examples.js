// The operations that the Examples menu opens; a first visit finds those with `atFirst` open.
import viewer from "../examples/viewer.graphql";
import purchaseOrders from "../examples/purchase_orders.graphql";
import create from "../examples/purchase_order_create.graphql";
import createVariables from "../examples/purchase_order_create.json";
import preview from "../examples/approval_preview.graphql";
import submit from "../examples/purchase_order_submit.graphql";
import submitVariables from "../examples/purchase_order_submit.json";
import amend from "../examples/purchase_order_amend.graphql";
import amendVariables from "../examples/purchase_order_amend.json";
import budgets from "../examples/budgets.graphql";
import receive from "../examples/goods_receipt_create.graphql";
import receiveVariables from "../examples/goods_receipt_create.json";
import invoice from "../examples/purchase_invoice_create.graphql";
import invoiceVariables from "../examples/purchase_invoice_create.json";
import pay from "../examples/purchase_invoice_pay.graphql";
import payVariables from "../examples/purchase_invoice_pay.json";
import toLookAt from "../examples/invoices_to_look_at.graphql";
import services from "../examples/service_orders.graphql";
import place from "../examples/service_order_place.graphql";
import placeVariables from "../examples/service_order_place.json";
import completeStep from "../examples/service_order_step_complete.graphql";
import completeStepVariables from "../examples/service_order_step_complete.json";
import due from "../examples/sla_clocks.graphql";
import customers from "../examples/customers.graphql";
import assign from "../examples/package_subscription_assign.graphql";
import assignVariables from "../examples/package_subscription_assign.json";
import coupon from "../examples/coupon_create.graphql";
import couponVariables from "../examples/coupon_create.json";
import quotation from "../examples/quotation_create.graphql";
import quotationVariables from "../examples/quotation_create.json";
import node from "../examples/node.graphql";
import nodeVariables from "../examples/node.json";
import events from "../examples/events.graphql";
import eventsVariables from "../examples/events.json";
import changes from "../examples/changes.graphql";
import changesVariables from "../examples/changes.json";

export const EXAMPLES = [
  { label: "Who am I, and what waits for me", query: viewer, atFirst: true },
  { label: "Purchase orders with everything", query: purchaseOrders, atFirst: true },
  { label: "Create an order (dry run)", query: create, variables: createVariables, atFirst: true },
  { label: "Where drafts would go, and why", query: preview },
  { label: "Submit an order for approval", query: submit, variables: submitVariables, atFirst: true },
  { label: "Amend an approved order (dry run)", query: amend, variables: amendVariables },
  { label: "Budgets, and what orders hold of them", query: budgets },
  { label: "Receive goods (dry run)", query: receive, variables: receiveVariables },
  { label: "Enter a supplier's invoice (dry run)", query: invoice, variables: invoiceVariables },
  { label: "Invoices that differ from their order", query: toLookAt },
  { label: "Pay an invoice (dry run)", query: pay, variables: payVariables },
  { label: "Service orders, and what can be done next", query: services },
  { label: "Place a service order (dry run)", query: place, variables: placeVariables },
  { label: "Complete a step (dry run)", query: completeStep, variables: completeStepVariables },
  { label: "What is due next", query: due },
  { label: "Customers at a glance", query: customers },
  { label: "Sell a package (dry run)", query: assign, variables: assignVariables },
  { label: "Create a coupon (dry run)", query: coupon, variables: couponVariables },
  { label: "Quote prices (dry run)", query: quotation, variables: quotationVariables },
  { label: "Any record by its id", query: node, variables: nodeVariables, atFirst: true },
  { label: "What happens, as it happens", query: events, variables: eventsVariables, atFirst: true },
  { label: "What has changed since", query: changes, variables: changesVariables },
];
