// The pushes that came, and what each meant; one of them; and what people changed beside Git.

import { useRoute } from 'preact-iso';
import { DeliveriesPage } from './deliveries-page.tsx';
import { DeliveryPage } from './delivery-page.tsx';

export default function DeliveriesView() {
  const { id } = useRoute().params;
  return id === undefined || id === '' ? <DeliveriesPage /> : <DeliveryPage key={id} id={id} />;
}
