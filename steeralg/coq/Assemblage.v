(** * Valid assemblages, and states: the rules [assemblage] and [state] of the proof format *)

From Coq Require Import ZArith List Bool Ring Field Lia.
From Steeralg Require Import Numbers NumberField Positive Words WordValues Steering.
Import ListNotations.

(** ** Meaning *)

(** All joint settings, all joint outcomes of a joint setting of the boxes from number k on, all keys. *)
Fixpoint joint_settings (counts : list (list nat)) : list (list nat) :=
  match counts with
  | [] => [[]]
  | c :: r => flat_map (fun x => map (cons x) (joint_settings r)) (seq 0 (length c))
  end.
Fixpoint joint_outcomes (S : Scenario) (k : nat) (x : list nat) : list (list nat) :=
  match x with
  | [] => [[]]
  | x1 :: r => flat_map (fun a => map (cons a) (joint_outcomes S (Datatypes.S k) r)) (seq 0 (outcome_count S k x1))
  end.
Definition all_keys (S : Scenario) : list Key :=
  flat_map (fun x => flat_map (fun a => map (key a x) (seq 0 (views S))) (joint_outcomes S 0 x))
    (joint_settings (outcomes S)).
Definition put (k y : nat) (l : list nat) : list nat := firstn k l ++ y :: skipn (Datatypes.S k) l.
(** The key with other settings and outcomes of box k. *)
Definition with_box (a : Key) (k x b : nat) : Key := key (put k b (outs a)) (put k x (settings a)) (view a).

Section Meaning.
Context {K : OrderedField}.
Variables (theta : K) (S : Scenario) (sigma : Family).

Definition component (a : Key) (i j : nat) : Cx K := mval theta (element_of sigma a) i j.
Definition trace (a : Key) : Cx K := csum (view_dim S (view a)) (fun i => component a i i).
(** The sum over the outcomes of box k, with setting x; the other boxes as in a. *)
Definition marginal (a : Key) (k x i j : nat) : Cx K :=
  csum (outcome_count S k x) (fun b => component (with_box a k x b) i j).

Record valid : Prop := {
  valid_scenario : scenario_ok S = true;
  valid_keys : map fst sigma = all_keys S;
  valid_shape : forall a m, In (a, m) sigma -> shaped (view_dim S (view a)) m = true;
  valid_hermitian : forall a i j, component a j i = conj (component a i j);
  valid_positive : forall a, In a (all_keys S) -> psd (view_dim S (view a)) (component a);
  valid_no_signalling : forall a k x y i j, In a (all_keys S) -> (k < boxes S)%nat ->
    (x < length (nth k (outcomes S) []))%nat -> (y < length (nth k (outcomes S) []))%nat ->
    (i < view_dim S (view a))%nat -> (j < view_dim S (view a))%nat -> marginal a k x i j = marginal a k y i j;
  valid_views : forall a v, In a (all_keys S) -> (v < views S)%nat -> trace (key (outs a) (settings a) v) = trace a;
  valid_normalised : forall x, In x (joint_settings (outcomes S)) ->
    fold_right cadd c0 (map (fun a => trace (key a x 0)) (joint_outcomes S 0 x)) = c1
}.
End Meaning.

Section Hermitian.
Context {K : OrderedField}.
Add Field K_field11 : (field_laws K).
Lemma mval_hermitian (theta : K) m i j : mval theta m j i = conj (mval theta m i j).
Proof.
  unfold mval. rewrite conj_mul, conj_real. f_equal.
  unfold entry. destruct (Nat.ltb_spec j i), (Nat.ltb_spec i j); try lia.
  - rewrite <- gval_conj. reflexivity.
  - rewrite <- gval_conj. unfold gval, gconj; cbn [fst snd]. f_equal. rewrite !pval_scale, ofZ_m1. ring.
  - replace j with i by lia. rewrite gval_real. symmetry. apply conj_real.
Qed.
End Hermitian.

(** ** Checks: with a common multiple c of the denominators, and a certificate of positivity for every key *)

Section Checks.
Variables (k : Field) (e : Enclosure) (S : Scenario) (sigma : Family) (c : positive).

Definition component_times (a : Key) (i j : nat) : gauss :=
  let m := element_of sigma a in gscale (Zpos c / Zpos (den m)) (entry m i j).
Definition sum_times {T} (f : T -> gauss) (l : list T) : gauss := fold_right gadd g0 (map f l).
Definition trace_times (a : Key) : gauss := sum_times (fun i => component_times a i i) (seq 0 (view_dim S (view a))).
Definition marginal_times (a : Key) (b x i j : nat) : gauss :=
  sum_times (fun o => component_times (with_box a b x o) i j) (seq 0 (outcome_count S b x)).
Definition equal (x y : gauss) : bool := gzero (gadd x (gscale (-1) y)).

Definition assemblage_check (factors : list Factor) : bool :=
  let keys := all_keys S in
  enclosure_ok k e && family_ok k S sigma && list_eqb key_eqb (map fst sigma) keys
  && forallb (fun t => divides (den (snd t)) c) sigma
  && (length factors =? length keys)%nat
  && forallb (fun t => match find_key sigma (fst t) with
                       | Some m => psd_check k e (view_dim S (view (fst t))) m (snd t)
                       | None => false
                       end) (combine keys factors)
  && forallb (fun a =>
       below_n (boxes S) (fun b => below_n (length (nth b (outcomes S) [])) (fun x =>
         below_n (view_dim S (view a)) (fun i => below_n (view_dim S (view a)) (fun j =>
           equal (marginal_times a b x i j) (marginal_times a b 0 i j)))))
       && below_n (views S) (fun v => equal (trace_times (key (outs a) (settings a) v)) (trace_times a))) keys
  && forallb (fun x => equal (sum_times (fun a => trace_times (key a x 0)) (joint_outcomes S 0 x)) ([Zpos c], []))
       (joint_settings (outcomes S)).

(** ** Soundness *)

Variable K : OrderedField.
Add Field K_field9 : (field_laws K).
Add Ring C_ring6 : (@C_ring K).
Variable theta : K.
Hypothesis root : is_root theta k.
Hypothesis common : forallb (fun t => divides (den (snd t)) c) sigma = true.

Lemma component_times_sound a i j :
  gval K theta (component_times a i j) = cmul (real (ofZ (Zpos c))) (component theta sigma a i j).
Proof.
  unfold component_times, component, element_of. destruct (find_key sigma a) as [m|] eqn:Q.
  - apply scaled_entry. apply find_key_in in Q. rewrite forallb_forall in common. exact (common _ Q).
  - rewrite gval_scale. unfold mval.
    replace (gval K theta (entry (matrix 1 [] []) i j)) with (@c0 K); [ring|].
    unfold entry, lower. cbn [re_rows im_rows].
    assert (N : forall p q, nth p (nth q ([] : list (list poly)) []) [] = []) by (intros [|p] [|q]; reflexivity).
    destruct (j <? i)%nat, (i <? j)%nat; rewrite !N; reflexivity.
Qed.

Lemma cancel_common (z w : Cx K) : cmul (real (ofZ (Zpos c))) z = cmul (real (ofZ (Zpos c))) w -> z = w.
Proof.
  intro H. assert (U : cmul (real (inv (ofZ (Zpos c)))) (real (ofZ (Zpos c))) = (c1 : Cx K)).
  { rewrite <- real_mul. change (@c1 K) with (real (one : K)). f_equal. field. apply ofZ_neq_0. lia. }
  transitivity (cmul c1 z); [ring|]. transitivity (cmul c1 w); [|ring]. rewrite <- U.
  transitivity (cmul (real (inv (ofZ (Zpos c)))) (cmul (real (ofZ (Zpos c))) z)); [ring|]. rewrite H. ring.
Qed.

Lemma equal_sound x y : equal x y = true -> gval K theta x = gval K theta y.
Proof.
  unfold equal. intro H. apply (gzero_sound K theta) in H. rewrite gval_add, gval_scale in H.
  replace (gval K theta x) with (cadd (cadd (gval K theta x) (cmul (real (ofZ (-1))) (gval K theta y))) (gval K theta
    y)).
  - rewrite H. ring.
  - rewrite ofZ_m1. replace (real (opp one)) with (copp (@c1 K)); [ring|].
    unfold copp, c1, real, re, im; cbn [fst snd]. f_equal; ring.
Qed.

Lemma sum_times_sound {T} (f : T -> gauss) (g : T -> Cx K) l :
  (forall t, gval K theta (f t) = cmul (real (ofZ (Zpos c))) (g t)) ->
  gval K theta (sum_times f l) = cmul (real (ofZ (Zpos c))) (fold_right cadd c0 (map g l)).
Proof.
  intro H. unfold sum_times. rewrite gval_sum, map_map. induction l as [|t l IH]; cbn [map fold_right]; [ring|].
  rewrite IH, H. ring.
Qed.
Lemma sum_seq_sound (f : nat -> gauss) (g : nat -> Cx K) n :
  (forall t, gval K theta (f t) = cmul (real (ofZ (Zpos c))) (g t)) ->
  gval K theta (sum_times f (seq 0 n)) = cmul (real (ofZ (Zpos c))) (csum n g).
Proof. intro H. rewrite (sum_times_sound f g _ H), fold_seq. reflexivity. Qed.

Lemma trace_times_sound a : gval K theta (trace_times a) = cmul (real (ofZ (Zpos c))) (trace theta S sigma a).
Proof. apply sum_seq_sound. intro i. apply component_times_sound. Qed.
Lemma marginal_times_sound a b x i j :
  gval K theta (marginal_times a b x i j) = cmul (real (ofZ (Zpos c))) (marginal theta S sigma a b x i j).
Proof. apply sum_seq_sound. intro o. apply component_times_sound. Qed.

Lemma assemblage_valid factors : assemblage_check factors = true -> valid theta S sigma.
Proof.
  unfold assemblage_check. rewrite !andb_true_iff, Nat.eqb_eq. intros [[[[[[[He Hd] Hk] _] Hl] Hp] Hs] Hn].
  rewrite forallb_forall in Hp, Hs, Hn.
  assert (P : forall a, In a (all_keys S) -> exists f m, find_key sigma a = Some m /\
    psd_check k e (view_dim S (view a)) m f = true).
  { intros a Ha. destruct (In_nth _ _ a Ha) as (p & Hp1 & Hp2).
    assert (Hc : In (a, nth p factors (factor 1 [] [] [])) (combine (all_keys S) factors)).
    { rewrite <- Hp2 at 1. rewrite <- (combine_nth _ _ _ a (factor 1 [] [] [])) by (symmetry; exact Hl).
      apply nth_In. rewrite combine_length, Hl, Nat.min_id. exact Hp1. }
    specialize (Hp _ Hc). cbn [fst snd] in Hp. destruct (find_key sigma a) as [m|]; [|discriminate].
    exists (nth p factors (factor 1 [] [] [])), m. auto. }
  assert (N : forall a b x, In a (all_keys S) -> (b < boxes S)%nat -> (x < length (nth b (outcomes S) []))%nat ->
    forall i j, (i < view_dim S (view a))%nat -> (j < view_dim S (view a))%nat ->
    marginal theta S sigma a b x i j = marginal theta S sigma a b 0 i j).
  { intros a b x Ha Hb Hx i j Hi Hj. specialize (Hs a Ha). rewrite andb_true_iff, below_n_spec in Hs.
    destruct Hs as [Hs _]. specialize (Hs b Hb). rewrite below_n_spec in Hs. specialize (Hs x Hx).
    rewrite below_n_spec in Hs. specialize (Hs i Hi). rewrite below_n_spec in Hs. specialize (Hs j Hj).
    apply equal_sound in Hs. rewrite !marginal_times_sound in Hs. apply cancel_common, Hs. }
  split.
  - unfold family_ok in Hd. rewrite !andb_true_iff in Hd. apply Hd.
  - apply (list_eqb_sound key_eqb key_eqb_sound), Hk.
  - intros a m Ha. unfold family_ok in Hd. rewrite !andb_true_iff, forallb_forall in Hd. destruct Hd as [_ Hd].
    specialize (Hd _ Ha). rewrite !andb_true_iff in Hd. apply Hd.
  - intros a i j. unfold component. apply mval_hermitian.
  - intros a Ha. destruct (P a Ha) as (f & m & Hm & Hf). unfold component, element_of. rewrite Hm.
    exact (psd_check_psd K k e _ m f theta root He Hf).
  - intros a b x y i j Ha Hb Hx Hy Hi Hj. rewrite (N a b x), (N a b y) by assumption. reflexivity.
  - intros a v Ha Hv. specialize (Hs a Ha). rewrite andb_true_iff, !below_n_spec in Hs. destruct Hs as [_ Hs].
    specialize (Hs v Hv). apply equal_sound in Hs. rewrite !trace_times_sound in Hs. apply cancel_common, Hs.
  - intros x Hx. specialize (Hn x Hx). apply equal_sound in Hn.
    rewrite (sum_times_sound _ (fun a => trace theta S sigma (key a x 0))) in Hn by (intro; apply trace_times_sound).
    apply cancel_common. rewrite Hn. unfold gval, cmul, real, c1, re, im; cbn [fst snd pval]. f_equal; ring.
Qed.
End Checks.

Theorem assemblage_sound {K : OrderedField} k e (theta : K) S sigma c factors : is_root theta k ->
  assemblage_check k e S sigma c factors = true -> valid theta S sigma.
Proof.
  intros root H. apply (assemblage_valid k e S sigma c K theta root) with factors; [|exact H].
  unfold assemblage_check in H. rewrite !andb_true_iff in H. apply H.
Qed.

(** ** States: positive semidefinite, of trace 1 *)

Definition is_state {K : OrderedField} (theta : K) (n : nat) (m : Matrix) : Prop :=
  shaped n m = true /\ (forall i j, mval theta m j i = conj (mval theta m i j)) /\ psd n (mval theta m)
  /\ csum n (fun i => mval theta m i i) = c1.

Definition state_check (k : Field) (e : Enclosure) (n : nat) (m : Matrix) (f : Factor) : bool :=
  enclosure_ok k e && (shaped n m && short k m) && psd_check k e n m f
  && gzero (greduce k (gadd (fold_right gadd g0 (map (fun i => entry m i i) (seq 0 n))) ([(Zneg (den m))], []))).

Section States.
Variable K : OrderedField.
Add Field K_field10 : (field_laws K).
Add Ring C_ring7 : (@C_ring K).
Variables (k : Field) (e : Enclosure) (theta : K).
Hypothesis root : is_root theta k.

Theorem state_sound n m f : state_check k e n m f = true -> is_state theta n m.
Proof.
  unfold state_check. rewrite !andb_true_iff. intros [[[He [Hm _]] Hp] Ht].
  split; [exact Hm|]. split; [intros i j; apply mval_hermitian|].
  split; [exact (psd_check_psd K k e n m f theta root He Hp)|].
  apply (gzero_sound K theta) in Ht.
  rewrite (gval_reduce K theta k _ root (enclosure_degree k e He)), gval_add, gval_sum, map_map, fold_seq in Ht.
  unfold mval. rewrite csum_mul. set (z := csum n _) in *.
  assert (Z : z = real (ofZ (Zpos (den m)))).
  { replace z with (cadd (cadd z (gval K theta ([Z.neg (den m)], []))) (real (ofZ (Zpos (den m))))).
    - rewrite Ht. ring.
    - change (Z.neg (den m)) with (- Zpos (den m))%Z. unfold gval. cbn [fst snd pval]. rewrite ofZ_opp.
      unfold cadd, real, re, im; destruct z; cbn [fst snd]; f_equal; ring. }
  rewrite Z, <- real_mul. change (@c1 K) with (real (one : K)). f_equal. field. apply ofZ_neq_0. lia.
Qed.
End States.
