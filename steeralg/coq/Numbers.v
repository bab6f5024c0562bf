(** * Ordered fields, and complex numbers over them

    The theorems hold over every ordered field K; read: the real numbers. Nothing in this library assumes an axiom. *)

From Coq Require Import ZArith List Bool Ring Field Lia InitialRing.
Import ListNotations.

(** ** Ordered fields *)

Record OrderedField := {
  carrier :> Type;
  zero : carrier; one : carrier;
  add : carrier -> carrier -> carrier; mul : carrier -> carrier -> carrier;
  sub : carrier -> carrier -> carrier; opp : carrier -> carrier;
  div : carrier -> carrier -> carrier; inv : carrier -> carrier;
  field_laws : field_theory zero one add mul sub opp div inv (@eq carrier);
  le : carrier -> carrier -> Prop;
  le_total : forall x y, le x y \/ le y x;
  le_antisym : forall x y, le x y -> le y x -> x = y;
  le_trans : forall x y z, le x y -> le y z -> le x z;
  le_add : forall x y z, le x y -> le (add x z) (add y z);
  le_mul : forall x y, le zero x -> le zero y -> le zero (mul x y)
}.

Arguments zero {_}. Arguments one {_}. Arguments add {_}. Arguments mul {_}. Arguments sub {_}.
Arguments opp {_}. Arguments div {_}. Arguments inv {_}. Arguments le {_}.

Definition lt {K : OrderedField} (x y : K) : Prop := le x y /\ x <> y.

Declare Scope K_scope. Delimit Scope K_scope with K.
Notation "0" := zero : K_scope. Notation "1" := one : K_scope.
Infix "+" := add : K_scope. Infix "*" := mul : K_scope. Infix "-" := sub : K_scope. Infix "/" := div : K_scope.
Notation "- x" := (opp x) : K_scope.
Infix "<=" := le : K_scope. Infix "<" := lt : K_scope.

(** The integers in K. *)
Definition ofZ {K : OrderedField} (z : Z) : K := gen_phiZ zero one add mul opp z.
Arguments ofZ : simpl never.

Section Ordered.
Variable K : OrderedField.
Add Field K_field : (field_laws K).
Local Open Scope K_scope.

Let Zmorph := gen_phiZ_morph (Eqsth K) (Eq_ext _ _ _) (F_R (field_laws K)).
Lemma ofZ_0 : ofZ 0 = (0 : K). Proof. exact (morph0 Zmorph). Qed.
Lemma ofZ_1 : ofZ 1 = (1 : K). Proof. exact (morph1 Zmorph). Qed.
Lemma ofZ_add x y : ofZ (x + y) = (ofZ x + ofZ y : K). Proof. exact (morph_add Zmorph x y). Qed.
Lemma ofZ_mul x y : ofZ (x * y) = (ofZ x * ofZ y : K). Proof. exact (morph_mul Zmorph x y). Qed.
Lemma ofZ_opp x : ofZ (- x) = (- ofZ x : K). Proof. exact (morph_opp Zmorph x). Qed.
Lemma ofZ_sub x y : ofZ (x - y) = (ofZ x - ofZ y : K). Proof. exact (morph_sub Zmorph x y). Qed.

Lemma le_refl (x : K) : x <= x. Proof. destruct (le_total K x x); assumption. Qed.

Lemma le_0_eq (x y : K) : 0 <= x -> x = y -> 0 <= y. Proof. intros H <-. exact H. Qed.

Lemma le_0_sub (x y : K) : 0 <= y - x <-> x <= y.
Proof.
  split; intro H.
  - apply (le_add K _ _ x) in H. replace (0 + x) with x in H by ring. replace (y - x + x) with y in H by ring. exact H.
  - apply (le_add K _ _ (- x)) in H. replace (x + - x) with (0 : K) in H by ring.
    replace (y + - x) with (y - x) in H by ring. exact H.
Qed.

Lemma le_0_add (x y : K) : 0 <= x -> 0 <= y -> 0 <= x + y.
Proof.
  intros Hx Hy. apply (le_trans K _ y); [exact Hy|].
  apply (le_add K _ _ y) in Hx. replace (0 + y) with y in Hx by ring. exact Hx.
Qed.

Lemma le_0_square (x : K) : 0 <= x * x.
Proof.
  destruct (le_total K 0 x) as [H|H]; [apply le_mul; exact H|].
  apply le_0_sub in H. replace (x * x) with ((0 - x) * (0 - x)) by ring. apply le_mul; exact H.
Qed.

Lemma le_0_1 : (0 : K) <= 1.
Proof. replace (1 : K) with ((1 : K) * 1) by ring. apply le_0_square. Qed.

Lemma one_neq_zero : (1 : K) <> 0. Proof. exact (F_1_neq_0 (field_laws K)). Qed.

Lemma le_ofZ x y : (x <= y)%Z -> (ofZ x : K) <= ofZ y.
Proof.
  intro H. apply le_0_sub. rewrite <- ofZ_sub.
  assert (Hz : (0 <= y - x)%Z) by lia. revert Hz. generalize (y - x)%Z. intros z Hz. clear H.
  revert z Hz. apply natlike_ind; [rewrite ofZ_0; apply le_refl|].
  intros z _ IH. rewrite <- Z.add_1_r, ofZ_add, ofZ_1. apply le_0_add; [exact IH|apply le_0_1].
Qed.

Lemma ofZ_neq_0 x : (0 < x)%Z -> (ofZ x : K) <> 0.
Proof.
  intros H E. apply one_neq_zero. apply le_antisym; [|apply le_0_1].
  rewrite <- E, <- ofZ_1. apply le_ofZ. lia.
Qed.

Lemma lt_ofZ x : (0 < x)%Z -> (0 : K) < ofZ x.
Proof.
  intro H. split; [rewrite <- ofZ_0; apply le_ofZ; lia|]. intro E. symmetry in E. revert E. apply ofZ_neq_0, H.
Qed.

Lemma lt_not_le (x y : K) : x < y -> ~ y <= x.
Proof. intros [H N] L. apply N, le_antisym; assumption. Qed.

(** A positive factor does not matter. *)
Lemma le_0_factor (c x : K) : 0 < c -> 0 <= c * x -> 0 <= x.
Proof.
  intros [Hc Nc] H. destruct (le_total K 0 x) as [Hx|Hx]; [exact Hx|].
  assert (E : c * x = 0).
  { apply le_antisym; [|exact H]. apply le_0_sub. apply le_0_sub in Hx.
    replace (0 - c * x) with (c * (0 - x)) by ring. apply le_mul; assumption. }
  assert (Ex : x = 0).
  { replace x with (inv c * (c * x)) by (field; intro E'; apply Nc; symmetry; exact E').
    rewrite E. ring. }
  rewrite Ex. apply le_refl.
Qed.

Lemma lt_0_factor (c x : K) : 0 < c -> 0 < c * x -> 0 < x.
Proof.
  intros Hc [H N]. split; [apply (le_0_factor c); assumption|]. intros <-. apply N. ring.
Qed.

Lemma lt_0_sub (x y : K) : 0 < y - x <-> x < y.
Proof.
  unfold lt. rewrite le_0_sub. split; intros [H N]; split; try exact H; intro E; apply N.
  - rewrite E. ring.
  - replace y with (y - x + x) by ring. rewrite <- E. ring.
Qed.

(** Linear functions on an interval are largest at an end. *)
Lemma linear_on_interval (x t a b m M : K) :
  a <= t -> t <= b -> m <= x * a -> m <= x * b -> x * a <= M -> x * b <= M -> m <= x * t /\ x * t <= M.
Proof.
  intros Ha Hb m1 m2 M1 M2. apply le_0_sub in Ha. apply le_0_sub in Hb.
  destruct (le_total K 0 x) as [H|H]; [|apply le_0_sub in H]; split.
  - apply (le_trans K _ (x * a)); [exact m1|]. apply le_0_sub.
    replace (x * t - x * a) with (x * (t - a)) by ring. apply le_mul; assumption.
  - apply (le_trans K _ (x * b)); [|exact M2]. apply le_0_sub.
    replace (x * b - x * t) with (x * (b - t)) by ring. apply le_mul; assumption.
  - apply (le_trans K _ (x * b)); [exact m2|]. apply le_0_sub.
    replace (x * t - x * b) with ((0 - x) * (b - t)) by ring. apply le_mul; assumption.
  - apply (le_trans K _ (x * a)); [|exact M1]. apply le_0_sub.
    replace (x * a - x * t) with ((0 - x) * (t - a)) by ring. apply le_mul; assumption.
Qed.
End Ordered.

(** ** Complex numbers over K: pairs (re, im) *)

Definition Cx (K : OrderedField) : Type := (K * K)%type.
Definition re {K : OrderedField} (z : Cx K) : K := fst z.
Definition im {K : OrderedField} (z : Cx K) : K := snd z.

Declare Scope C_scope. Delimit Scope C_scope with C.

Section Complex.
Context {K : OrderedField}.
Add Field K_field2 : (field_laws K).
Local Open Scope K_scope.
Definition c0 : Cx K := (0, 0).
Definition c1 : Cx K := (1, 0).
Definition real (x : K) : Cx K := (x, 0).
Definition cadd (z w : Cx K) : Cx K := (re z + re w, im z + im w).
Definition cmul (z w : Cx K) : Cx K := (re z * re w - im z * im w, re z * im w + im z * re w).
Definition copp (z : Cx K) : Cx K := (- re z, - im z).
Definition csub (z w : Cx K) : Cx K := cadd z (copp w).
Definition conj (z : Cx K) : Cx K := (re z, - im z).

Lemma C_ring : ring_theory c0 c1 cadd cmul csub copp (@eq (Cx K)).
Proof.
  split; intros; repeat match goal with z : Cx K |- _ => destruct z end;
    unfold csub, cadd, cmul, copp, c0, c1, re, im; cbn [fst snd]; f_equal; ring.
Qed.

Lemma conj_add (z w : Cx K) : conj (cadd z w) = cadd (conj z) (conj w).
Proof. unfold conj, cadd, re, im; cbn [fst snd]; f_equal; ring. Qed.
Lemma conj_mul (z w : Cx K) : conj (cmul z w) = cmul (conj z) (conj w).
Proof. unfold conj, cmul, re, im; cbn [fst snd]; f_equal; ring. Qed.
Lemma conj_real (x : K) : conj (real x) = real x.
Proof. unfold conj, real, re, im; cbn [fst snd]; f_equal; ring. Qed.
Lemma conj_conj (z : Cx K) : conj (conj z) = z.
Proof. destruct z; unfold conj, re, im; cbn [fst snd]; f_equal; ring. Qed.
Lemma re_add (z w : Cx K) : re (cadd z w) = re z + re w. Proof. reflexivity. Qed.
Lemma re_real_mul (x : K) (z : Cx K) : re (cmul (real x) z) = x * re z.
Proof. unfold cmul, real, re, im; cbn [fst snd]; ring. Qed.
Lemma re_opp (z : Cx K) : re (copp z) = - re z. Proof. reflexivity. Qed.
Lemma real_mul (x y : K) : real (x * y) = cmul (real x) (real y).
Proof. unfold cmul, real, re, im; cbn [fst snd]; f_equal; ring. Qed.
Lemma real_add (x y : K) : real (x + y) = cadd (real x) (real y).
Proof. unfold cadd, real, re, im; cbn [fst snd]; f_equal; ring. Qed.
End Complex.

Infix "+" := cadd : C_scope. Infix "*" := cmul : C_scope. Notation "- z" := (copp z) : C_scope.
Infix "-" := csub : C_scope.

(** Finite sums: f 0 + ... + f (n-1). *)
Fixpoint csum {K : OrderedField} (n : nat) (f : nat -> Cx K) : Cx K :=
  match n with O => c0 | S m => cadd (csum m f) (f m) end.

Section Sums.
Context {K : OrderedField}.
Add Ring C_ring1 : (@C_ring K).
Local Open Scope C_scope.

Lemma csum_ext n (f g : nat -> Cx K) : (forall i, (i < n)%nat -> f i = g i) -> csum n f = csum n g.
Proof. induction n; intro H; [reflexivity|]. cbn. rewrite IHn, (H n); auto. Qed.
Lemma csum_add n (f g : nat -> Cx K) : csum n (fun i => f i + g i) = csum n f + csum n g.
Proof. induction n; cbn; [ring|]. rewrite IHn. ring. Qed.
Lemma csum_mul n c (f : nat -> Cx K) : csum n (fun i => c * f i) = c * csum n f.
Proof. induction n; cbn; [ring|]. rewrite IHn. ring. Qed.
Lemma csum_0 n (f : nat -> Cx K) : (forall i, (i < n)%nat -> f i = c0) -> csum n f = c0.
Proof. induction n; intro H; [reflexivity|]. cbn. rewrite IHn, (H n); auto. ring. Qed.
Lemma csum_swap n m (f : nat -> nat -> Cx K) :
  csum n (fun i => csum m (fun j => f i j)) = csum m (fun j => csum n (fun i => f i j)).
Proof.
  induction n; cbn; [symmetry; apply csum_0; auto|]. rewrite IHn, <- csum_add. reflexivity.
Qed.
Lemma conj_csum n (f : nat -> Cx K) : conj (csum n f) = csum n (fun i => conj (f i)).
Proof.
  induction n; cbn.
  - exact (conj_real _).
  - rewrite conj_add, IHn. reflexivity.
Qed.
End Sums.

Lemma re_csum_pos {K : OrderedField} n (f : nat -> Cx K) :
  (forall i, (i < n)%nat -> le zero (re (f i))) -> le zero (re (csum n f)).
Proof.
  induction n; intro H; cbn [csum]; [apply le_refl|]. rewrite re_add. apply le_0_add; auto.
Qed.
